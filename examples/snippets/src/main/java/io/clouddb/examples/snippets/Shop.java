/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.ItemKey;
import io.clouddb.table.ItemType;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.TableDescription;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.table.Transaction;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.TypedTable;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Users, orders, products and carts of a shop in one table. */
final class Shop {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  // @start region="spec"
  static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder(
              "shop", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .index("gsi1", Key.partition("gsi1pk", KeyType.STRING).sort("gsi1sk", KeyType.STRING))
          .throughput(Throughput.onDemand())
          .timeToLive(TimeToLive.at("expires"))
          .build();

  // @end region="spec"

  // @start region="types"
  enum Status {
    OPEN,
    PAID,
    SENT
  }

  record User(String id, String email, @Nullable String name) {}

  record Line(String product, int count, BigDecimal price) {}

  record Order(String userId, String id, Instant placed, Status status, List<Line> lines) {
    Order with(Status other) {
      return new Order(userId, id, placed, other, lines);
    }
  }

  record Product(
      String id, String category, String name, BigDecimal price, int stock, Set<String> tags) {}

  record Cart(String userId, Map<String, Integer> counts, Instant expires) {}

  static final ItemType<User> USERS =
      ItemType.of(User.class)
          .key("pk", "USER#{id}")
          .key("sk", "PROFILE")
          .template("gsi1pk", "MAIL#{email}")
          .template("gsi1sk", "USER")
          .constant("type", "user");

  static final ItemType<Order> ORDERS =
      ItemType.of(Order.class)
          .key("pk", "USER#{userId}")
          .key("sk", "ORDER#{placed}#{id}")
          .template("gsi1pk", "STATUS#{status}")
          .template("gsi1sk", "{placed}#{id}")
          .constant("type", "order");

  static final ItemType<Product> PRODUCTS =
      ItemType.of(Product.class)
          .key("pk", "PRODUCT#{id}")
          .key("sk", "PRODUCT")
          .template("gsi1pk", "CATEGORY#{category}")
          .template("gsi1sk", "{name}")
          .constant("type", "product");

  static final ItemType<Cart> CARTS =
      ItemType.of(Cart.class)
          .key("pk", "USER#{userId}")
          .key("sk", "CART")
          .epochSeconds("expires")
          .constant("type", "cart");

  // @end region="types"

  // @start region="open"
  private final Table table;
  private final TypedTable<User> users;
  private final TypedTable<Order> orders;
  private final TypedTable<Product> products;
  private final TypedTable<Cart> carts;

  Shop(CloudDb cloud) {
    table = cloud.tables().open(SPEC);
    users = table.typed(USERS);
    orders = table.typed(ORDERS);
    products = table.typed(PRODUCTS);
    carts = table.typed(CARTS);
  }

  // @end region="open"

  static TableDescription create(CloudDb cloud) {
    // @start region="create"
    System.out.println(cloud.tables().plan(SPEC)); // what this cloud makes of each field
    TableDescription made = cloud.tables().ensure(SPEC).await(LIMIT);
    // @end region="create"
    return made;
  }

  // @start region="register"
  boolean register(User user) {
    try {
      users.put(user, Condition.notExists());
      return true;
    } catch (ItemConditionFailedException e) {
      return false; // e.item() is who has that id
    }
  }

  // @end region="register"

  // @start region="profile"
  Optional<User> user(String id) {
    return users.get(USERS.key(Map.of("id", id)));
  }

  // @end region="profile"

  // @start region="mail"
  Optional<User> userOf(String email) {
    Query query = Query.index("gsi1").partition("MAIL#" + email).limit(1);
    return users.query(query).stream().findFirst(); // an index lags a little
  }

  // @end region="mail"

  void stock(List<Product> all) {
    // @start region="stock"
    products.putAll(
        all); // any number of them; all are written, or an error names those that are not
    // @end region="stock"
  }

  Product product(String id) {
    return products.get(PRODUCTS.key(Map.of("id", id)), true).orElseThrow();
  }

  // @start region="category"
  List<Product> category(String category, String beginning) {
    Query query = Query.index("gsi1").partition("CATEGORY#" + category).sortBeginsWith(beginning);
    return products.query(query).stream().toList(); // in the order of their names
  }

  // @end region="category"

  // @start region="buy"
  boolean place(Order order) {
    Transaction all = Transaction.of().put(orders, order, Condition.notExists());
    for (Line line : order.lines()) {
      ItemKey product = PRODUCTS.key(Map.of("id", line.product()));
      all =
          all.update(
              products,
              product,
              Update.of().add("stock", -line.count()),
              Condition.attribute("stock").atLeast(Value.of(line.count())));
    }
    try {
      table.transact(all);
      return true;
    } catch (TransactionConditionFailedException e) {
      return false; // e.failures() says which of them, and what is there: nothing was written
    }
  }

  // @end region="buy"

  // @start region="orders"
  List<Order> latest(String userId, int most) {
    Query query =
        Query.partition("USER#" + userId).sortBeginsWith("ORDER#").descending().limit(most);
    return orders.query(query).stream().toList();
  }

  List<Order> ofMonth(String userId, String month) { // 2024-05
    Query query =
        Query.partition("USER#" + userId).sortBeginsWith(ORDERS.prefix("sk", Map.of()) + month);
    return orders.query(query).stream().toList();
  }

  // @end region="orders"

  // @start region="page"
  Page<Item> open(@Nullable String token) {
    Query query = Query.index("gsi1").partition("STATUS#OPEN").pageSize(2); // oldest first
    return table.page(query, token); // page.next() goes on with it, in another process too
  }

  // @end region="page"

  // @start region="pay"
  Order pay(Order order) {
    // The item as a whole: its status is in the index's key, too.
    return orders.put(order.with(Status.PAID), Condition.attribute("status").equalTo("OPEN"));
  }

  // @end region="pay"

  // @start region="cart"
  void fill(Cart cart) {
    carts.put(cart); // goes away by itself some time after cart.expires()
  }

  Optional<Cart> want(String userId, String product, int count) {
    ItemKey key = CARTS.key(Map.of("userId", userId));
    table.update(key, Update.of().set(AttributePath.of("counts").member(product), Value.of(count)));
    return carts.get(key, true); // only that number was sent
  }

  // @end region="cart"

  // @start region="all"
  List<String> kindsOf(String userId) {
    return table.query(Query.partition("USER#" + userId)).stream()
        .map(item -> item.text("type")) // each type refuses the items of another one
        .toList();
  }
  // @end region="all"
}
