/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.CloudDbException;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.Interruption;
import io.clouddb.examples.terminal.Display;
import io.clouddb.instance.AdminLogin;
import io.clouddb.security.SecretRef;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One run: the plans, the scenario, and the end of all that was made. */
final class Run {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  private static final DateTimeFormatter IN_NAMES =
      DateTimeFormatter.ofPattern("MMddHHmmss").withZone(ZoneOffset.UTC);

  private final Place place;
  private final Display display;
  private final Interruption interruption;
  private final PrintStream err;
  private final PlanTable plans = new PlanTable();
  private final Made made = new Made();
  private final Steps steps;
  private final String name;

  Run(Place place, Display display, Interruption interruption, PrintStream err) {
    this.place = place;
    this.display = display;
    this.interruption = interruption;
    this.err = err;
    this.steps = new Steps(display, place.clock());
    // Of its own, since all of that name is deleted at the end.
    this.name = "cp-" + IN_NAMES.format(place.clock().instant()) + "-" + random(3);
  }

  /**
   * Runs it.
   *
   * @return the exit code
   */
  int run() {
    AdminLogin admin = AdminLogin.of("shop_admin", SecretRef.literal(newPassword()));
    Specs specs;
    try {
      specs = Specs.plan(place, name, admin, plans);
    } catch (CloudDbException e) {
      err.println(e.getMessage());
      return REFUSED;
    }
    display.headline(
        place.cloud().service()
            + (place.simulated() ? " (simulated; times are its own)" : "")
            + ", "
            + place.region()
            + " and "
            + place.otherRegion());
    display.say("  All that it makes is named " + name + "...");
    parameterGroups().ifPresent(what -> display.say("  On RDS also " + what + "."));
    boolean done = false;
    boolean deleted = false;
    try {
      new Scenario(place, specs, made, steps, plans, display).run();
      done = true;
    } catch (CloudDbException | SQLException | UnexpectedStateException | InterruptedException e) {
      failed(e);
    } finally {
      deleted = delete();
    }
    plans.show(display);
    steps.show(display);
    if (interruption.requested()) {
      return Interruption.EXIT_CODE;
    }
    return done && deleted ? DONE : FAILED;
  }

  private void failed(Exception e) {
    if (interruption.requested()) {
      display.stopped();
      return;
    }
    display.failed();
    // Of a cloud's it says what is left behind and what to do, too.
    err.println(e.getMessage());
  }

  private boolean delete() {
    if (interruption.requested() && place.simulated()) {
      // A JVM that ends makes no databases any more, not even to delete them.
      display.say("  The simulated cloud goes, with all that is in it.");
      return true;
    }
    interruption.stopBy(() -> display.warn("what was made is deleted first"));
    while (true) {
      try {
        return steps.step("delete", this::deleteAll);
      } catch (InterruptedException e) {
        // Who stops it wants it to be deleted all the same.
      } catch (SQLException e) {
        throw new IllegalStateException("No database is asked here", e);
      }
    }
  }

  private Steps.Outcome<Boolean> deleteAll() throws InterruptedException {
    List<String> left = made.deleteAll(steps);
    left.forEach(what -> err.println("LEFT BEHIND, delete it yourself: " + what));
    if (!left.isEmpty()) {
      parameterGroups()
          .ifPresent(what -> err.println("When the instances are gone, delete also " + what + "."));
    }
    return new Steps.Outcome<>(left.isEmpty(), left.isEmpty() ? kept() : "not all of it is gone");
  }

  /**
   * RDS keeps parameters in groups of their own, which the deletion of an instance by hand leaves.
   */
  private Optional<String> parameterGroups() {
    return place.cloud() == Cloud.AWS
        ? Optional.of(
            "the DB parameter groups clouddb-"
                + name
                + "... in both regions, whose tag clouddb-instance names the instance")
        : Optional.empty();
  }

  /** Some clouds keep for some days what a deleted instance left. */
  private String kept() {
    List<RestorableWindow> kept;
    try {
      kept = made.kept();
    } catch (CloudDbException e) {
      return "nothing is left; whether automated backups are kept was not told: " + e.getMessage();
    }
    if (kept.isEmpty()) {
      return "nothing is left";
    }
    return "nothing is left but automated backups, which the cloud deletes by itself, of "
        + kept.stream().map(window -> window.instance().name()).collect(Collectors.joining(", "));
  }

  private static String newPassword() {
    // The clouds want several kinds of characters.
    return "Aa1-" + random(16);
  }

  private static String random(int size) {
    byte[] bytes = new byte[size];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
