/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list that is fetched page by page while it is read. Every {@link #iterator()} starts anew.
 *
 * @param <T> what is listed
 */
public final class Listing<T> implements Iterable<T> {
  private final Function<@Nullable String, Page<T>> fetch;
  private final @Nullable String firstToken;

  /**
   * Makes a list.
   *
   * @param fetch fetches the page of a token, and the first page for null
   * @param firstToken where to start; null for the beginning
   */
  public Listing(Function<@Nullable String, Page<T>> fetch, @Nullable String firstToken) {
    this.fetch = fetch;
    this.firstToken = firstToken;
  }

  /**
   * The pages, fetched one by one while they are read. A service that gives one twice ends them
   * with a {@link io.clouddb.error.CloudDbException}: there would be no end. It is noticed before
   * three times as many pages have been read as there are; their tokens are not kept, however many
   * there are.
   *
   * @return the pages
   */
  public Iterable<Page<T>> pages() {
    return () -> new Pages<>(fetch, firstToken);
  }

  /**
   * One page.
   *
   * @param token what {@link Page#next()} of the page before gave; null for where the list begins
   * @return the page
   */
  public Page<T> page(@Nullable String token) {
    return fetch.apply(token == null ? firstToken : token);
  }

  /**
   * The pages, one by one. A round is noticed as Brent does it ("An improved Monte Carlo
   * factorization algorithm", 1980): each token is compared with one that was met before, which is
   * exchanged for the present one after 1, 2, 4, 8 ... pages.
   */
  private static final class Pages<T> implements Iterator<Page<T>> {
    private final Function<@Nullable String, Page<T>> fetch;
    private @Nullable String token;
    private @Nullable String met;
    private long pages;
    private long exchangedAfter = 1;
    private boolean done;

    Pages(Function<@Nullable String, Page<T>> fetch, @Nullable String token) {
      this.fetch = fetch;
      this.token = token;
      this.met = token;
    }

    @Override
    public boolean hasNext() {
      return !done;
    }

    @Override
    public Page<T> next() {
      if (done) {
        throw new NoSuchElementException();
      }
      String asked = token;
      Page<T> page = fetch.apply(asked);
      token = page.nextToken();
      done = token == null || token.equals(asked) || token.equals(met);
      if (token != null && done) {
        throw ErrorDetails.of(
                ErrorCategory.OTHER, "The service has given the same page of a list twice")
            .nextStep("Try again.")
            .toException();
      }
      pages++;
      if (pages == exchangedAfter) {
        met = token;
        pages = 0;
        exchangedAfter *= 2;
      }
      return page;
    }
  }

  /**
   * The items as a stream that fetches pages as it goes.
   *
   * @return the items
   */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  public Iterator<T> iterator() {
    Iterator<Page<T>> pages = pages().iterator();
    return new Iterator<>() {
      private final Deque<T> buffer = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        while (buffer.isEmpty() && pages.hasNext()) {
          buffer.addAll(pages.next().items());
        }
        return !buffer.isEmpty();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return buffer.removeFirst();
      }
    };
  }
}
