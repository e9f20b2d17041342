/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.sts;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.AwsProtocol;
import io.clouddb.testkit.simulator.aws.AwsService;
import io.clouddb.testkit.simulator.aws.QueryCall;
import io.clouddb.testkit.simulator.aws.QueryProtocol;
import io.clouddb.testkit.simulator.aws.QueryXml;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.List;

/**
 * AWS Security Token Service (2011-06-15): {@code GetCallerIdentity}, which answers the account of
 * the credentials that a request was signed by.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
 */
public final class StsService implements AwsService {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final int INTERNAL = 500;

  /** As the ids of users are: AIDA, and letters and digits. */
  private static final String USER_ID = "AIDACLOUDDBSIMULATED0";

  private final String account;
  private final String user;
  private final QueryProtocol protocol =
      new QueryProtocol("2011-06-15", NAMESPACE)
          .add("GetCallerIdentity", Verb.READ, "identity", "", this::identify);

  /**
   * Makes the service.
   *
   * @param account the account number
   * @param user the name of the account's only user
   */
  public StsService(String account, String user) {
    this.account = account;
    this.user = user;
  }

  private void identify(QueryCall call, QueryXml xml) {
    call.form().complete();
    String partition = AwsPartition.of(call.region());
    xml.text("Arn", "arn:" + partition + ":iam::" + account + ":user/" + user)
        .text("UserId", USER_ID)
        .text("Account", account);
  }

  @Override
  public String signingName() {
    return "sts";
  }

  @Override
  public List<AwsProtocol> protocols() {
    return List.of(protocol);
  }

  @Override
  public AwsError refused(SimulatorException reason) {
    return new AwsError(INTERNAL, "InternalFailure", reason.sentence());
  }
}
