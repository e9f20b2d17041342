/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty passes that have nothing to find; twenty with 25 corruptions each, and their repair. */
@Tag("slow")
class SeededCorruptionTest {
  private static final int PASSES = 20;
  private static final Pattern PLACE = Pattern.compile("ctid (\\(\\d+,\\d+\\)) on the (\\w+)");

  private final long seed = Long.getLong("clouddb.test.seed", System.nanoTime());

  @Test
  void findsEachCorruptionUnderFullLoadAndNothingElse() throws Exception {
    try (Ends ends = Ends.withReplicaRole(15, 17);
        BusyWriters writers = new BusyWriters(ends.source(), seed)) {
      ends.onBoth(WideTable.schema());
      ends.onSource(WideTable.rows(new Random(seed)));
      ends.copy(2, 256 << 10);
      try (Applier applier = ends.applier();
          Corruptions corruptions = new Corruptions(ends, writers)) {
        writers.start();
        Validation validation =
            Validation.between(ends.source(), ends.target(), "test")
                .patience(Ends.PATIENCE)
                .listed(1000)
                .build();
        for (int pass = 0; pass < PASSES; pass++) {
          writers.awaitMore();
          assertThat(found(ends, validation.run(applier, ends.tables())))
              .as("clean pass %d, seed %d", pass, seed)
              .isEmpty();
        }
        for (int pass = 0; pass < PASSES; pass++) {
          writers.awaitMore();
          corruptions.spoil(new Random(seed + 1000 + pass), applier);
          ValidationResult result = validation.run(applier, ends.tables());
          assertThat(found(ends, result))
              .as("pass %d, seed %d", pass, seed)
              .containsExactlyInAnyOrderElementsOf(corruptions.expected(result));
          assertThat(result.mismatchCount()).isEqualTo(result.mismatches().size());
          corruptions.repaired(
              Repair.between(ends.source(), ends.target(), "test")
                  .patience(Ends.PATIENCE)
                  .build()
                  .run(applier, ends.tables()));
        }
        writers.stop();
      }
    }
  }

  /** What was found; rows without a key by what stands at the place that was named. */
  private static List<String> found(Ends ends, ValidationResult result) throws SQLException {
    List<String> found = new ArrayList<>();
    for (Mismatch mismatch : result.mismatches()) {
      Matcher place = PLACE.matcher(mismatch.row());
      if (place.matches()) {
        String row =
            Ends.query(
                place.group(2).equals("source") ? ends.source() : ends.target(),
                "SELECT spoiled::text FROM public.plain AS spoiled WHERE ctid = '"
                    + place.group(1)
                    + "'");
        found.add(mismatch.table() + " " + row + " " + mismatch.kind());
      } else {
        found.add(mismatch.toString());
      }
    }
    return found;
  }
}
