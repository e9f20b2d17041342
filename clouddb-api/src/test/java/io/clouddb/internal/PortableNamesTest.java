/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Names that every cloud takes, and those that one of them would refuse. */
class PortableNamesTest {
  private static void check(String name, BiConsumer<String, Problems> rule) {
    Problems problems = new Problems("It");
    rule.accept(name, problems);
    problems.orThrow();
  }

  private static void takes(BiConsumer<String, Problems> rule, String... names) {
    for (String name : names) {
      assertThatCode(() -> check(name, rule)).as(name).doesNotThrowAnyException();
    }
  }

  private static void refuses(BiConsumer<String, Problems> rule, String says, String... names) {
    for (String name : names) {
      assertThatThrownBy(() -> check(name, rule))
          .as(name)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageStartingWith("It is invalid: ")
          .hasMessageContaining(says);
    }
  }

  /** RDS takes no double hyphen, Azure at least three characters, all three no capitals. */
  @Test
  void ofAnInstance() {
    takes(PortableNames::instance, "abc", "orders-2", "a-1-b", "x".repeat(63));
    takes(PortableNames::instance, "a" + "-b".repeat(31));
    refuses(PortableNames::instance, "3 to 63 lower case letters", "", "ab", "Orders", "1abc");
    refuses(PortableNames::instance, "single hyphens", "a--b", "-abc", "abc-", "or_ders", "größe");
    refuses(PortableNames::instance, "3 to 63", "x".repeat(64), "a" + "-b".repeat(32));
  }

  @Test
  void ofADatabase() {
    takes(PortableNames::database, "a", "_", "Shop_2", "x".repeat(63));
    refuses(PortableNames::database, "1 to 63 letters", "", "2shop", "my shop", "a-b", "größe");
    refuses(PortableNames::database, "1 to 63 letters", "x".repeat(64), "a\"b");
  }

  @Test
  void ofAnAdministratorWhoseNameIsNotRepeated() {
    takes(PortableNames::user, "a", "_app", "app_admin2", "x".repeat(16));
    refuses(PortableNames::user, "1 to 16 lower case letters", "", "App", "2app", "x".repeat(17));
    assertThatThrownBy(() -> check("Hunter2-secret", PortableNames::user))
        .hasMessageNotContaining("Hunter2");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    Problems problems = new Problems("It");
    problems.require(false, "one");
    problems.require(true, "two");
    problems.require(false, "three");
    assertThatThrownBy(problems::orThrow)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessage("It is invalid: one; three");
  }
}
