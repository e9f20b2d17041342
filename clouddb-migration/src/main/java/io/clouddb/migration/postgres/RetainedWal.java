/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.WalPolicy;
import io.clouddb.migration.postgres.spill.Spilling;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Does what the policy says about the log that a server keeps for a run: a full disk stops the
 * application. Beyond the limit the migration gives way before the switch, and after it the way
 * back does.
 */
final class RetainedWal {
  private final MigrationRun run;
  private final Consumer<String> abort;
  private boolean bounded;

  /**
   * Makes it for a run.
   *
   * @param run the run
   * @param abort stops the run for a reason, in a thread of its own
   */
  RetainedWal(MigrationRun run, Consumer<String> abort) {
    this.run = run;
    this.abort = abort;
  }

  /** So many bytes are kept now. Called by one thread, again and again. */
  void observe(long retained) {
    WalPolicy policy = run.settings.retainedWal();
    if (policy instanceof WalPolicy.Stop stop) {
      bound(retained, stop.limit());
    } else if (policy instanceof WalPolicy.Spill spill) {
      spill(retained, spill.limit());
      bound(retained, spill.limit());
    } else if (policy instanceof WalPolicy.Throttle throttle) {
      bound(retained, throttle.limit());
    }
  }

  /** It ends at a quarter: what is confirmed by the half moment would otherwise swing. */
  private void spill(long retained, long limit) {
    Spilling spilling = run.spilling;
    if (spilling == null) {
      return;
    }
    if (!spilling.engaged() && retained > limit / 2) {
      spilling.engage(true);
      run.notifier.notice(
          String.format(
              Locale.ROOT,
              "%,d bytes of write-ahead log are kept, half of the limit: the changes are read ahead into files",
              retained));
    } else if (spilling.engaged() && retained < limit / 4) {
      spilling.engage(false);
    }
    run.copySpill.observe(spilling.engaged());
  }

  private void bound(long retained, long limit) {
    if (retained <= limit || bounded) {
      return;
    }
    bounded = true;
    Spilling spilling = run.spilling;
    String trouble = spilling == null ? "" : spilling.trouble();
    String reason =
        String.format(
            Locale.ROOT,
            "%,d bytes of write-ahead log were kept for the migration, more than the limit of %,d. %s",
            retained,
            limit,
            trouble.isEmpty() ? "" : trouble + ". ");
    run.notifier.notice(reason);
    if (!run.pastPointOfNoReturn()) {
      abort.accept(reason);
    } else if (run.settings.reverses()) {
      run.requests.end(Requests.End.FINISH);
    }
  }
}
