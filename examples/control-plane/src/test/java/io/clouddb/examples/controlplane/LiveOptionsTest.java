/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the arguments for an account come to. */
class LiveOptionsTest {
  private static LiveOptions options(String... args) {
    return CommandLine.populateCommand(new LiveOptions(), args);
  }

  @Test
  void whatIsNotGivenIsSmallAndEncryptedByTheVendor() {
    LiveOptions options = options();
    options.check(Cloud.AWS);
    Place.Shape shape = options.shape(Cloud.AWS);

    assertThat(options.region(Cloud.AWS)).isEqualTo("ap-northeast-2");
    assertThat(options.otherRegion(Cloud.AWS)).isEqualTo("ap-northeast-1");
    assertThat(shape.size()).isEqualTo(InstanceSize.atLeast(2, DataSize.gib(8)));
    assertThat(shape.storage()).isEqualTo(DataSize.gib(32));
    assertThat(shape.network()).isEmpty();
    assertThat(shape.otherKey()).contains("alias/aws/rds");
  }

  @Test
  void eachRegionHasItsOwnSecurityGroup() {
    LiveOptions options =
        options(
            "--allow=203.0.113.7/32",
            "--security-group=sg-1",
            "--other-security-group=sg-2",
            "--size=db.m7g.large");
    Place.Shape shape = options.shape(Cloud.AWS);
    assertThat(options.warnings(Cloud.AWS)).isEmpty();

    Network open = Network.publicAccess("203.0.113.7/32");
    assertThat(shape.network()).contains(open.securityGroup("sg-1"));
    assertThat(shape.otherNetwork()).contains(open.securityGroup("sg-2"));
    assertThat(shape.restored()).isEqualTo(InstanceSize.named("db.m7g.large"));
  }

  /** Its owner may have opened it, so that it is no error. */
  @Test
  void whoTakesTheDefaultSecurityGroupIsWarned() {
    LiveOptions options = options("--allow=203.0.113.7/32", "--security-group=sg-1");
    options.check(Cloud.AWS);

    assertThat(options.warnings(Cloud.AWS))
        .singleElement()
        .asString()
        .contains("Without --other-security-group", "ap-northeast-1", "port 5432");
    assertThat(options().warnings(Cloud.AWS)).hasSize(2);
    assertThat(options("--project=p", "--allow=10.0.0.0/8").warnings(Cloud.GCP)).isEmpty();
  }

  @Test
  void oneVpcOfGooglesIsEnough() {
    LiveOptions options = options("--project=p", "--network=projects/p/global/networks/n");
    options.check(Cloud.GCP);

    assertThat(options.shape(Cloud.GCP).otherNetwork())
        .isEqualTo(options.shape(Cloud.GCP).network())
        .contains(Network.privateNetwork("projects/p/global/networks/n"));
    assertThat(options.shape(Cloud.GCP).otherKey()).isEmpty();
  }

  @Test
  void whatContradictsItselfIsRefused() {
    assertThatThrownBy(
            () ->
                options("--project=p", "--allow=10.0.0.0/8", "--network=n", "--storage=0")
                    .check(Cloud.GCP))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("either --allow or --network; --storage is at least 1");
    assertThatThrownBy(() -> options("--allow=10.0.0.0/8", "--dns-zone=z").check(Cloud.AWS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--other-network and --dns-zone go with --network");
    // A group is of a network, and would be lost without one.
    for (String group : List.of("--security-group=sg-1", "--other-security-group=sg-2")) {
      assertThatThrownBy(() -> options(group).check(Cloud.AWS))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("--other-security-group go with --allow or --network");
    }
  }
}
