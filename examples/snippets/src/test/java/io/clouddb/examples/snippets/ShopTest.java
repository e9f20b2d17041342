/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.examples.snippets.Shop.Cart;
import io.clouddb.examples.snippets.Shop.Line;
import io.clouddb.examples.snippets.Shop.Order;
import io.clouddb.examples.snippets.Shop.Product;
import io.clouddb.examples.snippets.Shop.Status;
import io.clouddb.examples.snippets.Shop.User;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.TableStatus;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs what the guide of tables shows, on the simulated DynamoDB. */
class ShopTest {
  private static final Duration LAG = Duration.ofSeconds(20);
  private static final Instant MAY = Instant.parse("2024-05-01T10:00:00Z");

  private SimulatedAws aws;
  private CloudDb cloud;
  private Shop shop;

  @BeforeEach
  void open() {
    aws = SimulatedAws.start();
    cloud = CloudDb.open(aws.config("eu-central-1").build());
    assertThat(Shop.create(cloud).status()).isEqualTo(TableStatus.ACTIVE);
    shop = new Shop(cloud);
    shop.stock(
        List.of(
            new Product("p1", "books", "Ulysses", new BigDecimal("19.90"), 3, Set.of("new")),
            new Product("p2", "books", "Utopia", new BigDecimal("7.50"), 1, Set.of()),
            new Product("p3", "maps", "Alps", new BigDecimal("9"), 9, Set.of())));
  }

  @AfterEach
  void close() {
    cloud.close();
    aws.close();
  }

  private static Order order(String id, Instant placed, Line... lines) {
    return new Order("u1", id, placed, Status.OPEN, List.of(lines));
  }

  private static Line line(String product, int count) {
    return new Line(product, count, new BigDecimal("7.5"));
  }

  /** An index shows a write some time later. */
  private static <T> T soon(Supplier<T> what, T wanted) {
    long end = System.nanoTime() + LAG.toNanos();
    T seen = what.get();
    while (!seen.equals(wanted) && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      seen = what.get();
    }
    return seen;
  }

  @Test
  void findsUsersByIdAndByMail() {
    User ann = new User("u1", "ann@example.org", null);

    assertThat(shop.register(ann)).isTrue();
    assertThat(shop.register(new User("u1", "bob@example.org", "Bob"))).isFalse();
    assertThat(shop.user("u1")).contains(ann);
    assertThat(shop.user("u2")).isEmpty();
    Optional<User> found = soon(() -> shop.userOf("ann@example.org"), Optional.of(ann));
    assertThat(found).contains(ann);
  }

  @Test
  void listsACategoryInTheOrderOfNames() {
    List<String> books =
        soon(
            () -> shop.category("books", "U").stream().map(Product::name).toList(),
            List.of("Ulysses", "Utopia"));
    assertThat(books).containsExactly("Ulysses", "Utopia");
    assertThat(shop.product("p2").tags()).isEmpty();
    assertThat(shop.product("p1").price()).isEqualByComparingTo("19.90");
  }

  @Test
  void placesAnOrderOnlyOfWhatIsThere() {
    assertThat(shop.place(order("o1", MAY, line("p1", 2), line("p2", 1)))).isTrue();
    assertThat(shop.place(order("o2", MAY, line("p1", 1), line("p2", 1)))).isFalse();
    assertThat(shop.product("p1").stock()).isEqualTo(1);
    assertThat(shop.product("p2").stock()).isZero();
    assertThat(shop.latest("u1", 10)).extracting(Order::id).containsExactly("o1");
  }

  @Test
  void findsOrdersOfAUserAndThoseThatAreOpen() {
    for (int i = 1; i <= 3; i++) {
      shop.place(order("o" + i, MAY.plus(Duration.ofDays(20L * i)), line("p3", 1)));
    }
    assertThat(shop.latest("u1", 2)).extracting(Order::id).containsExactly("o3", "o2");
    assertThat(shop.ofMonth("u1", "2024-06")).extracting(Order::id).containsExactly("o2", "o3");

    Order paid = shop.pay(shop.latest("u1", 1).get(0));
    assertThat(paid.status()).isEqualTo(Status.PAID);
    assertThatThrownBy(() -> shop.pay(paid)).isInstanceOf(ItemConditionFailedException.class);
    List<String> open = soon(() -> ids(shop.open(null)), List.of("o1", "o2"));
    assertThat(open).containsExactly("o1", "o2");
  }

  private static List<String> ids(Page<Item> page) {
    return page.items().stream().map(item -> item.text("id")).toList();
  }

  @Test
  void hasAllOfAUserInOnePlace() {
    shop.register(new User("u1", "ann@example.org", null));
    Instant late = Instant.parse("2099-01-01T00:00:00Z");
    shop.fill(new Cart("u1", Map.of("p1", 2), late));
    assertThat(shop.want("u1", "p3", 5)).contains(new Cart("u1", Map.of("p1", 2, "p3", 5), late));
    shop.place(order("o1", MAY, line("p3", 1)));

    assertThat(shop.kindsOf("u1")).containsExactly("cart", "order", "user");
  }
}
