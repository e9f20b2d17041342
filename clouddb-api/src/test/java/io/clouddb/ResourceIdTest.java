/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceIdTest {
  @Test
  void itsTextIsReadBack() {
    ResourceId id =
        ResourceId.of("aws", "12:3/4%", "us-east-1", "instance", "orders")
            .withNativeId("arn:aws:rds:us-east-1:123:db:orders");
    ResourceId back = ResourceId.parse(id.toString());
    assertThat(back).isEqualTo(id).hasSameHashCodeAs(id);
    assertThat(back.nativeId()).contains("arn:aws:rds:us-east-1:123:db:orders");
    assertThat(back.account()).isEqualTo("12:3/4%");
    assertThat(ResourceId.of("aws", "", "us-east-1", "instance", "a").toString())
        .isEqualTo("clouddb:aws::us-east-1:instance:a");
  }

  @Test
  void refusesAnythingElse() {
    for (String text :
        new String[] {
          "",
          "clouddb:aws",
          "other:aws::us:instance:a",
          "clouddb:::us:instance:a",
          "clouddb:aws:: :instance:a",
          "clouddb:aws::us:instance:%20"
        }) {
      assertThatThrownBy(() -> ResourceId.parse(text)).isInstanceOf(InvalidArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "a%zz", "%2", "%-1", "%FF", "%C3", "ü%"})
  void aBadEscapeIsNamedWithItsPart(String name) {
    assertThatThrownBy(() -> ResourceId.parse("clouddb:aws::us-east-1:instance:" + name))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("The name of a resource id", name, "%25");
    assertThatThrownBy(() -> ResourceId.parse("clouddb:aws:" + name + ":us-east-1:instance:a"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The account of a resource id");
  }

  @Test
  void aPlusSignIsOne() {
    ResourceId id = ResourceId.parse("clouddb:aws::us-east-1:instance:a+b%2Bc%20d%E2%82%AC😀");
    assertThat(id.name()).isEqualTo("a+b+c d€😀");
    assertThat(ResourceId.parse(id.toString())).isEqualTo(id);
  }

  @Test
  void theVendorsIdIsNoPartOfWhatItNames() {
    ResourceId id = ResourceId.of("aws", "123", "us-east-1", "instance", "orders");
    assertThat(id.nativeId()).isEmpty();
    assertThat(id.withNativeId("arn:x")).isEqualTo(id).hasSameHashCodeAs(id);
  }

  @Test
  void eachOtherPartMakesItAnotherResource() {
    ResourceId id = ResourceId.of("aws", "123", "us-east-1", "instance", "orders");
    Set<ResourceId> others =
        Set.of(
            ResourceId.of("gcp", "123", "us-east-1", "instance", "orders"),
            ResourceId.of("aws", "124", "us-east-1", "instance", "orders"),
            ResourceId.of("aws", "123", "us-east-2", "instance", "orders"),
            ResourceId.of("aws", "123", "us-east-1", "snapshot", "orders"),
            ResourceId.of("aws", "123", "us-east-1", "instance", "order"));
    assertThat(others).doesNotContain(id).hasSize(5);
    assertThat(others.stream().map(ResourceId::hashCode).distinct()).hasSizeGreaterThan(1);
  }
}
