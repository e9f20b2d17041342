/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListingTest {
  private final List<String> fetched = new ArrayList<>();

  /** Three pages, the second one without items, as services have them behind a filter. */
  private Listing<Integer> listing(String from) {
    return new Listing<>(
        token -> {
          fetched.add(String.valueOf(token));
          return switch (String.valueOf(token)) {
            case "null", "" -> new Page<>(List.of(1, 2), "two");
            case "two" -> new Page<>(List.of(), "three");
            default -> new Page<>(List.of(3), null);
          };
        },
        from.isEmpty() ? null : from);
  }

  @Test
  void fetchesAPageWhenItIsReachedAndNotBefore() {
    Iterator<Integer> items = listing("").iterator();
    assertThat(fetched).isEmpty();
    assertThat(items.next()).isEqualTo(1);
    assertThat(items.next()).isEqualTo(2);
    assertThat(fetched).containsExactly("null");
    assertThat(items.next()).isEqualTo(3);
    assertThat(fetched).containsExactly("null", "two", "three");
    assertThat(items.hasNext()).isFalse();
    assertThatThrownBy(items::next).isInstanceOf(NoSuchElementException.class);
    assertThat(fetched).hasSize(3);
  }

  @Test
  void beginsAnewEachTimeAndAtTheTokenThatIsGiven() {
    Listing<Integer> listing = listing("");
    assertThat(listing).containsExactly(1, 2, 3);
    assertThat(listing.stream()).containsExactly(1, 2, 3);
    assertThat(listing("two")).containsExactly(3);
  }

  @Test
  void aPageTellsWhereTheNextOneIs() {
    Iterator<Page<Integer>> pages = listing("").pages().iterator();
    assertThat(pages.next().next()).contains("two");
    pages.next();
    assertThat(pages.next().next()).isEmpty();
    assertThat(pages.hasNext()).isFalse();
    assertThatThrownBy(pages::next).isInstanceOf(NoSuchElementException.class);
  }

  /** It would be read for ever, where its pages have no items without ever coming back. */
  @Test
  void aPageThatComesTwiceIsAnError() {
    for (List<Integer> items : List.of(List.of(1), List.<Integer>of())) {
      Listing<Integer> round =
          new Listing<>(token -> new Page<>(items, "two".equals(token) ? "three" : "two"), null);
      assertThatThrownBy(() -> round.stream().limit(10).toList())
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> {
                assertThat(e).hasMessageContaining("the same page of a list twice");
                assertThat(e.nextStep()).contains("Try again.");
              });
      Iterator<Page<Integer>> pages = new Listing<>(any -> round(items), "two").pages().iterator();
      assertThatThrownBy(pages::next).isInstanceOf(CloudDbException.class);
      assertThat(pages.hasNext()).isFalse();
    }
  }

  @Test
  void aLongRoundEnds() {
    for (int begins : List.of(0, 1, 511, 512, 999)) {
      for (int pages : List.of(1000, 1023, 1024, 1025)) {
        List<Integer> read = new ArrayList<>();
        Listing<Integer> round =
            new Listing<>(
                token -> {
                  int page = token == null ? -1 : Integer.parseInt(token);
                  read.add(page);
                  return new Page<>(
                      List.of(), String.valueOf(page + 1 == pages ? begins : page + 1));
                },
                null);
        assertThatThrownBy(() -> round.stream().toList())
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("the same page of a list twice");
        assertThat(read.size()).isBetween(pages, 3 * pages);
      }
    }
  }

  @Test
  void keepsNoTokenOfALongList() {
    List<WeakReference<String>> tokens = new ArrayList<>();
    Iterator<Page<Integer>> pages =
        new Listing<Integer>(
                token -> {
                  String next = "token " + tokens.size();
                  tokens.add(new WeakReference<>(next));
                  return new Page<>(List.of(), next);
                },
                null)
            .pages()
            .iterator();
    for (int i = 0; i < 1000; i++) {
      pages.next();
    }
    // Where nobody may ask for a collection, it is not said what is kept.
    WeakReference<Object> probe = new WeakReference<>(new Object());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    long kept;
    do {
      System.gc();
      kept = tokens.stream().filter(token -> token.get() != null).count();
    } while ((kept > 2 || probe.get() != null) && System.nanoTime() - end < 0);
    assumeTrue(probe.get() == null, "nothing is collected when it is asked for");
    assertThat(kept).isLessThanOrEqualTo(2);
    assertThat(pages.hasNext()).isTrue();
  }

  private static Page<Integer> round(List<Integer> items) {
    return new Page<>(items, "two");
  }

  @Test
  void aPageIsWhatItWasWhenItWasMade() {
    List<Integer> items = new ArrayList<>(List.of(1));
    Page<Integer> page = new Page<>(items, null);
    items.add(2);
    assertThat(page.items()).containsExactly(1);
  }
}
