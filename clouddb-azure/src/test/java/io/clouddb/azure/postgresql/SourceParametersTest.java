/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.ServerJson.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a source whose parameters Azure does not tell. */
class SourceParametersTest {
  private static final ResourceId ORDERS =
      ResourceId.of("azure", "sub/group", "koreacentral", "instance", "orders");

  @ParameterizedTest
  @CsvSource({
    "Updating, BUSY, Wait until",
    "Starting, BUSY, Wait until",
    "Stopping, CONDITION_FAILED, instances().start(id)",
    "Stopped, CONDITION_FAILED, instances().start(id)",
    "Inaccessible, CONDITION_FAILED, Look at it in Azure",
    "Ready, UNAVAILABLE, try again"
  })
  void itIsRefusedByItsState(String state, ErrorCategory category, String mend) {
    CloudDbException silent =
        ErrorDetails.of(ErrorCategory.UNAVAILABLE, "An unexpected error occured.")
            .providerCode("InternalServerError")
            .toException();
    CloudDbException e =
        SourceParameters.refused(
            RestoreSpec.of(ORDERS).latest().named("again"),
            server("{'name':'orders','properties':{'state':'" + state + "'}}"),
            silent);
    assertThat(e.category()).isEqualTo(category);
    assertThat(e.retryable()).isEqualTo(category != ErrorCategory.CONDITION_FAILED);
    assertThat(e.details().providerCode()).contains("InternalServerError");
    assertThat(e.nextStep().orElseThrow())
        .startsWith("Nothing was done. ")
        .contains(mend)
        .contains("preferring(RestoreField.PARAMETERS)");
  }
}
