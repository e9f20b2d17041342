/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ProcessorFeature;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.Tag;

class RequestValuesTest {
  @Test
  void whatIsWrittenIsRead() {
    CreateDbInstanceRequest request =
        CreateDbInstanceRequest.builder()
            .dbInstanceIdentifier("orders")
            .allocatedStorage(20)
            .multiAZ(false)
            .vpcSecurityGroupIds("sg-1", "sg-2")
            .processorFeatures(ProcessorFeature.builder().name("coreCount").value("2").build())
            .tags(
                List.of(
                    Tag.builder().key("a").value("").build(),
                    Tag.builder().key("b.1").value("x=y&z").build()))
            .build();
    Map<String, String> values = new TreeMap<>(RequestValues.write(request, "request."));
    assertThat(values)
        .containsEntry("request.AllocatedStorage", "20")
        .containsEntry("request.MultiAZ", "false")
        .containsEntry("request.Tags.2.Key", "b.1")
        .hasSize(11);
    values.put("parameter.work_mem", "8192");
    CreateDbInstanceRequest.Builder read = CreateDbInstanceRequest.builder();
    RequestValues.read(values, "request.", read);
    assertThat(read.build()).isEqualTo(request);
  }

  @Test
  void whatHasNoFormIsRefused() {
    RestoreDbInstanceToPointInTimeRequest request =
        RestoreDbInstanceToPointInTimeRequest.builder().restoreTime(Instant.EPOCH).build();
    assertThatThrownBy(() -> RequestValues.write(request, ""))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("RestoreTime");
  }
}
