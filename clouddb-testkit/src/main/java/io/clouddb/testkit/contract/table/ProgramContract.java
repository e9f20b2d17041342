/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.Query;
import io.clouddb.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs of operations, made at random from a seed: what each gives, and what is there at the
 * end, has to be what {@link PartitionModel} gives. One that is not is made shorter as long as it
 * still fails, and named with its seed, which the system property {@code clouddb.testkit.seed} runs
 * again.
 */
abstract class ProgramContract extends TableCases {
  private static final int PROGRAMS = 40;
  private static final int STEPS = 40;
  private static final int MOST_TRIES = 200;

  ProgramContract(TableContract kit) {
    super(kit);
  }

  static Stream<Long> seeds() {
    Long only = Long.getLong("clouddb.testkit.seed");
    return only == null ? LongStream.range(0, PROGRAMS).boxed() : Stream.of(only);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void doesAsTheModelDoes(long seed) {
    run(texts(), seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void doesAsTheModelDoesWhereVersionsAreCounted(long seed) {
    run(tables().versions(), seed);
  }

  private void run(Table table, long seed) {
    Random random = new Random(seed);
    List<ProgramStep> program = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      program.add(ProgramStep.random(random));
    }
    String difference = difference(table, program);
    if (difference == null) {
      return;
    }
    List<ProgramStep> shorter = shortened(table, program);
    String again = difference(table, shorter);
    StringBuilder text = new StringBuilder("Seed " + seed + " differs from the model:");
    shorter.forEach(step -> text.append("\n  ").append(step));
    throw new AssertionError(text + "\n" + (again == null ? difference : again));
  }

  /** Leaves out what is not needed, larger pieces first. */
  private List<ProgramStep> shortened(Table table, List<ProgramStep> program) {
    List<ProgramStep> best = program;
    int tries = 0;
    for (int size = Math.max(1, best.size() / 2); size >= 1; size /= 2) {
      for (int from = 0; from + size <= best.size() && tries < MOST_TRIES; ) {
        List<ProgramStep> without = new ArrayList<>(best);
        without.subList(from, from + size).clear();
        tries++;
        if (!without.isEmpty() && difference(table, without) != null) {
          best = without;
        } else {
          from += size;
        }
      }
    }
    return best;
  }

  /** Runs a program in a partition of its own. Null when it does as the model does. */
  private @Nullable String difference(Table table, List<ProgramStep> program) {
    String partition = newPartition();
    PartitionModel model = new PartitionModel(partition, table.spec().version().orElse(null));
    for (ProgramStep step : program) {
      String expected = step.result(model);
      String actual = step.result(table, partition);
      if (!expected.equals(actual)) {
        return step + "\n  gives    " + actual + "\n  and not  " + expected;
      }
    }
    // Also what the last step wrote, and what no step has read again.
    Query all = Query.partition(partition).consistent();
    String expected = ProgramStep.texts(model.query(all));
    String actual = ProgramStep.texts(table.query(all).stream().toList());
    return expected.equals(actual)
        ? null
        : "At its end there is " + actual + "\n  and not           " + expected;
  }
}
