/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableRestoreSpec;
import io.micrometer.observation.ObservationRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponseMetadata;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** What a restore sees of the table that it may have made. */
class RestoreStepTest {
  private record Restored(Instant made) implements DynamoDbClient {
    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
      DescribeTableResponse.Builder answer =
          DescribeTableResponse.builder()
              .table(
                  table ->
                      table
                          .tableName(request.tableName())
                          .tableId("1")
                          .tableStatus("ACTIVE")
                          .keySchema(
                              KeySchemaElement.builder()
                                  .attributeName("pk")
                                  .keyType("HASH")
                                  .build())
                          .creationDateTime(made));
      answer.responseMetadata(
          DynamoDbResponseMetadata.create(
              DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", "1"))));
      return answer.build();
    }

    @Override
    public String serviceName() {
      return DynamoDbClient.SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private static final Instant BEGUN = Instant.parse("2026-11-30T12:00:00Z");

  private static Look look(Function<OperationState, OperationState> more, boolean resumed) {
    ResourceId source = ResourceId.of("aws", "123456789012", ResourceId.GLOBAL, "table", "shop");
    ResourceId table = ResourceId.of("aws", "123456789012", ResourceId.GLOBAL, "table", "shop-2");
    RestoreStep step =
        new RestoreStep(
            new RegionalCalls(
                HOME,
                region -> new Restored(BEGUN.plusSeconds(5)),
                region -> {
                  throw new AssertionError();
                },
                new RemoteCalls(
                    "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads())));
    OperationState state =
        OperationState.begin(
                TableBackupDriver.RESTORE.id(),
                table,
                UUID.randomUUID().toString(),
                BEGUN,
                TableRestoreSpec.of(source, "shop-2").latest().build())
            .with(Notes.SOURCE, "arn:aws:dynamodb:us-east-1:123456789012:table/shop");
    return step.look(
        new StepContext(
            more.apply(state),
            Customizations.NONE,
            SecretRef::resolve,
            BEGUN.plusSeconds(3600),
            resumed));
  }

  private static OperationState asked(OperationState state, String key) {
    GlobalTableSpec after =
        GlobalTableSpec.builder("shop-2", Key.partition(key, KeyType.STRING)).build();
    return state
        .with(Notes.AFTER, after.toJson())
        .at("restore", "", BEGUN)
        .asking(BEGUN.plusSeconds(1), "the table shop-2");
  }

  /** DynamoDB tells of a restore only while it goes on. */
  @Test
  void aRestoreThatIsOverIsNotSaidToBeSomebodyElses() {
    assertThat(look(state -> state, true))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            failed -> {
              assertThat(failed.why().category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
              assertThat(failed.why()).hasMessageContaining("shop-2");
            });
  }

  /** Its answer was lost, and it was over before the next look. */
  @Test
  void whatCameAfterTheOwnRequestIsItsEffectIfItHasTheKey() {
    assertThat(look(state -> asked(state, "pk"), false)).isInstanceOf(Look.Happened.class);
    assertThat(look(state -> asked(state, "another"), false))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            failed -> assertThat(failed.why().category()).isEqualTo(ErrorCategory.ALREADY_EXISTS));
  }
}
