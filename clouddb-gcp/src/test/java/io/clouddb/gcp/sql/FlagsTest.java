/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {
  private static final List<DatabaseFlags> THERE =
      List.of(
          new DatabaseFlags().setName("work_mem").setValue("4096"),
          new DatabaseFlags().setName("max_connections").setValue("300"));

  /** A parameter of PostgreSQL is the same one in any case: what is asked for is what is sent. */
  @Test
  void aFlagThatIsAskedForInAnotherCaseTakesThePlaceOfTheOneThatIsThere() {
    Settings settings = new Settings().setDatabaseFlags(THERE);
    Flags.add(settings, Map.of("WORK_MEM", "8192"));
    assertThat(Flags.of(settings)).isEqualTo(Map.of("max_connections", "300", "WORK_MEM", "8192"));
    assertThat(
            Flags.merge(THERE, List.of(new DatabaseFlags().setName("WORK_MEM").setValue("8192"))))
        .extracting(DatabaseFlags::getName)
        .containsExactlyInAnyOrder("max_connections", "WORK_MEM");
  }

  @Test
  void othersStayWhereTheyAre() {
    assertThat(
            Flags.merge(THERE, List.of(new DatabaseFlags().setName("work_mem").setValue("8192"))))
        .extracting(DatabaseFlags::getValue)
        .containsExactly("8192", "300");
  }
}
