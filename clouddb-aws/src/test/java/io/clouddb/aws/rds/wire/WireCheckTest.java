/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check itself can fail, and says why. */
class WireCheckTest {
  private static final String DELETE =
      "Action=DeleteDBInstance&Version=2014-10-31&DBInstanceIdentifier=a&SkipFinalSnapshot=true";
  private static final String GROUP =
      "Action=ModifyDBParameterGroup&Version=2014-10-31&DBParameterGroupName=g"
          + "&Parameters.Parameter.1.ParameterName=work_mem"
          + "&Parameters.Parameter.1.ApplyMethod=immediate";
  private static final String NAMESPACE = "http://rds.amazonaws.com/doc/2014-10-31/";
  private static final String DESCRIBE =
      "<DescribeDBInstancesResponse xmlns='"
          + NAMESPACE
          + "'><DescribeDBInstancesResult><DBInstances><DBInstance>"
          + "<DBInstanceIdentifier>a</DBInstanceIdentifier>"
          + "<AllocatedStorage>20</AllocatedStorage><MultiAZ>false</MultiAZ>"
          + "<InstanceCreateTime>2026-11-22T10:00:00.123Z</InstanceCreateTime>"
          + "<TagList><Tag><Key>k</Key><Value>v</Value></Tag></TagList>"
          + "</DBInstance></DBInstances></DescribeDBInstancesResult>"
          + "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
          + "</DescribeDBInstancesResponse>";
  private static final String ERROR =
      "<ErrorResponse xmlns='"
          + NAMESPACE
          + "'><Error><Type>Sender</Type><Code>DBInstanceNotFound</Code><Message>m</Message>"
          + "</Error><RequestId>r</RequestId></ErrorResponse>";

  private final WireCheck check = WireCheck.rds();

  @ParameterizedTest
  @ValueSource(strings = {DELETE, GROUP})
  void takesWhatIsRight(String form) {
    assertThat(check.request(form)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "&DBInstanceIdentifier=a, '', DBInstanceIdentifier is required",
    "&SkipFinalSnapshot=true, &SkipFinalSnapshots=true, no member SkipFinalSnapshots",
    "&SkipFinalSnapshot=true, &SkipFinalSnapshot=yes, is no boolean",
    "Version=2014-10-31, Version=2013-01-01, Version is 2013-01-01",
    "DeleteDBInstance, DeleteDBInstances, unknown action",
  })
  void namesWhatIsWrongWithARequest(String right, String wrong, String problem) {
    assertThat(check.request(DELETE.replace(right, wrong)))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "=immediate, =later, is no string",
    "&Parameters.Parameter.1.ParameterName, &Parameters.member.1.ParameterName, no member",
    "DBParameterGroupName=g, DBParameterGroupName.1=g, DBParameterGroupName is required",
  })
  void namesWhatIsWrongWithAListOrAValue(String right, String wrong, String problem) {
    assertThat(check.request(GROUP.replace(right, wrong))).anyMatch(p -> p.contains(problem));
  }

  @Test
  void numbersAreNumbers() {
    String create =
        "Action=CreateDBInstance&Version=2014-10-31&DBInstanceIdentifier=a&DBInstanceClass=c"
            + "&Engine=postgres&AllocatedStorage=";
    assertThat(check.request(create + "20")).isEmpty();
    assertThat(check.request(create + "20.5")).singleElement().asString().contains("integer");
  }

  @Test
  void takesTheRightAnswers() {
    assertThat(check.response("DescribeDBInstances", 200, DESCRIBE)).isEmpty();
    assertThat(check.response("DescribeDBInstances", 404, ERROR)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AllocatedStorage>, AllocatedStorageGB>, which is no member",
    ">20<, >20 GiB<, is no integer",
    ">false<, >no<, is no boolean",
    "2026-11-22T10:00:00.123Z, 22 Nov 2026, is no timestamp",
    "<TagList>, <TagList><Tags></Tags>, TagList/Tags",
    "<MultiAZ>, <MultiAZ>true</MultiAZ><MultiAZ>, twice",
    "DescribeDBInstancesResult>, Result>, holds",
    "DescribeDBInstancesResponse, Response, holds",
    "<RequestId>r</RequestId>, '', no RequestId",
    "doc/2014-10-31, doc/2013-01-01, namespace",
    "<DBInstance>, <DBInstanc>, no XML",
  })
  void namesWhatIsWrongWithAnAnswer(String right, String wrong, String problem) {
    assertThat(check.response("DescribeDBInstances", 200, DESCRIBE.replace(right, wrong)))
        .anyMatch(p -> p.contains(problem));
  }

  @ParameterizedTest
  @CsvSource({
    "DBInstanceNotFound, DBInstanceMissing, has no error DBInstanceMissing",
    "DBInstanceNotFound, InvalidDBInstanceState, has no error InvalidDBInstanceState",
    "<Message>m</Message>, '', without message or type",
    "Sender, Caller, without message or type",
    "ErrorResponse, Errors, is no error",
    "<RequestId>r</RequestId>, '', is no error",
  })
  void namesWhatIsWrongWithAnError(String right, String wrong, String problem) {
    assertThat(check.response("DescribeDBInstances", 404, ERROR.replace(right, wrong)))
        .anyMatch(p -> p.contains(problem));
  }

  @Test
  void anErrorHasTheStatusOfItsCode() {
    assertThat(check.response("DescribeDBInstances", 400, ERROR))
        .singleElement()
        .asString()
        .contains("with status 400");
  }

  @Test
  void anActionWithoutResultHasNone() {
    String body =
        "<DeleteDBParameterGroupResponse xmlns='"
            + NAMESPACE
            + "'><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
            + "</DeleteDBParameterGroupResponse>";
    assertThat(check.response("DeleteDBParameterGroup", 200, body)).isEmpty();
    assertThat(check.response("DescribeDBInstances", 200, body)).isNotEmpty();
  }
}
