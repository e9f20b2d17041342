/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** What a replica's request says of its disk, for the disks that sources have. */
class ReplicaDiskTest {
  @ParameterizedTest
  @CsvSource({
    // The source's; what the caller asks for; what is sent.
    "gp3,20,3000,125,,,,gp3,,",
    "gp3,399,3000,125,,,,gp3,,",
    "gp3,399,3000,125,,,440,gp3,12000,500",
    "gp3,400,12000,500,,,,gp3,12000,500",
    "gp3,400,12000,500,,16000,,gp3,16000,500",
    "gp2,100,,,,,,gp2,,",
    "io1,100,1000,,,,,io1,1000,",
    "io2,100,1000,,,2000,,io2,2000,",
    "io2,100,1000,,gp3,,,gp3,,",
    "gp3,500,12000,500,io2,3000,,io2,3000,",
    "standard,100,,,,,,standard,,",
    ",20,,,,,,,,"
  })
  void isTheSourcesUnlessTheCallerNamesAnother(
      @Nullable String type,
      int gib,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      @Nullable String askedType,
      @Nullable Integer askedIops,
      @Nullable Integer askedGib,
      @Nullable String sentType,
      @Nullable Integer sentIops,
      @Nullable Integer sentThroughput) {
    DBInstance source =
        DBInstance.builder()
            .storageType(type)
            .allocatedStorage(gib)
            .iops(iops)
            .storageThroughput(throughput)
            .build();
    CreateDbInstanceReadReplicaRequest.Builder request =
        CreateDbInstanceReadReplicaRequest.builder()
            .storageType(askedType)
            .iops(askedIops)
            .allocatedStorage(askedGib);
    ReplicaDisk.like(source, request);
    CreateDbInstanceReadReplicaRequest sent = request.build();
    assertThat(sent.storageType()).isEqualTo(sentType);
    assertThat(sent.iops()).isEqualTo(sentIops);
    assertThat(sent.storageThroughput()).isEqualTo(sentThroughput);
    assertThat(sent.allocatedStorage()).isEqualTo(askedGib);
  }
}
