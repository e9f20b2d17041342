/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One VPC has many names. */
class VpcTest {
  private static final DatabaseInstance INSTANCE =
      new DatabaseInstance()
          .setProject("shop")
          .setServiceAccountEmailAddress("p12-a1b2c3@gcp-sa-cloud-sql.iam.gserviceaccount.com");

  private static Vpc vpc(String text) {
    return Vpc.of(text, INSTANCE).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "projects/shop/global/networks/main, true",
    "/projects/shop/global/networks/main, true",
    "https://www.googleapis.com/compute/v1/projects/shop/global/networks/main, true",
    "projects/12/global/networks/main, true",
    "https://compute.googleapis.com/compute/v1/projects/12/global/networks/main, true",
    "projects/shop/global/networks/other, false",
    "projects/host/global/networks/main, false",
  })
  void itIsComparedByWhatItNames(String there, boolean same) {
    assertThat(vpc("projects/shop/global/networks/main").maybeSame(vpc(there))).isEqualTo(same);
  }

  @Test
  void whoseNumberItIsNobodyTellsOfAnotherProject() {
    assertThat(vpc("projects/host/global/networks/main"))
        .matches(host -> host.maybeSame(vpc("projects/77/global/networks/main")))
        .matches(host -> !host.maybeSame(vpc("projects/77/global/networks/other")));
    assertThat(vpc("projects/78/global/networks/main"))
        .matches(host -> !host.maybeSame(vpc("projects/77/global/networks/main")));
    assertThat(Vpc.of("main", INSTANCE)).isEmpty();
    assertThat(Vpc.of(INSTANCE)).isEmpty();
  }

  @Test
  void theNumberOfTheInstancesOwnProjectIsItsId() {
    assertThat(vpc("projects/12/global/networks/main"))
        .hasToString("projects/shop/global/networks/main");
    assertThat(vpc("projects/13/global/networks/main"))
        .hasToString("projects/13/global/networks/main");
    for (DatabaseInstance unknown :
        List.of(
            new DatabaseInstance().setProject("shop"),
            INSTANCE.clone().setProject(null),
            INSTANCE.clone().setServiceAccountEmailAddress("somebody@example.com"))) {
      assertThat(Vpc.of("projects/12/global/networks/main", unknown).orElseThrow())
          .hasToString("projects/12/global/networks/main");
    }
  }

  @ParameterizedTest
  @CsvSource({"1000000, true", "999, true", "shop-9, false", "example.com:other, false"})
  void aNumberMayBeTheIdOfAnotherProject(String project, boolean same) {
    Vpc host = vpc("projects/host/global/networks/main");
    assertThat(host.maybeSame(vpc("projects/" + project + "/global/networks/main")))
        .isEqualTo(same);
  }
}
