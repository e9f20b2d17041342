/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One restore, from its request to its end. */
final class Restore {
  private static final Set<InstanceState> READY = EnumSet.of(InstanceState.AVAILABLE);

  private final ManagedServers servers;
  private final BackupStore store;
  private final CloudEngine engine;
  private final Timings timings;
  private final Steps steps;
  private final RestoreRequest request;

  Restore(ManagedServers servers, Timings timings, Steps steps, RestoreRequest request) {
    this.servers = servers;
    this.store = servers.backupStore();
    this.engine = servers.engine();
    this.timings = timings;
    this.steps = steps;
    this.request = request;
  }

  SimulatedOperation begin() {
    SimulatedBackup.Source source =
        request
            .backup()
            .map(SimulatedBackup::source)
            .orElseGet(() -> SimulatedBackup.Source.of(history().instance()));
    return request.replacing() ? replace(source) : create(source);
  }

  private InstanceBackups history() {
    return request.history().orElseThrow();
  }

  private BackedUp data() {
    return request.backup().isPresent()
        ? store.dataOf(request.backup().get())
        : history().of(request.moment().orElse(null));
  }

  private SimulatedOperation create(SimulatedBackup.Source source) {
    Map<String, String> parameters = request.parameters().orElseGet(source::parameters);
    servers.checkParameters(source.version(), parameters);
    BackedUp data = data();
    SimulatedInstance instance;
    try {
      instance = servers.add(request, source, parameters);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
    SimulatedOperation operation = engine.operations().open(Verb.RESTORE, instance.key());
    Steps ending = steps.releasing(store.until(data));
    ending.later(
        timings.restore(),
        operation,
        instance,
        InstanceState.FAILED,
        () -> {
          engine.faults().beforeStart();
          instance.attach(
              data.archive()
                  .restore(data.moment(), source.version(), parameters, request.tlsOnly(), 0));
          if (timings.firstBackup().isZero()) {
            ending.finish(operation, instance, InstanceState.AVAILABLE);
            return;
          }
          instance.enter(InstanceState.BACKING_UP);
          ending.later(
              timings.firstBackup(),
              operation,
              instance,
              InstanceState.FAILED,
              () -> ending.finish(operation, instance, InstanceState.AVAILABLE));
        });
    return operation;
  }

  private SimulatedOperation replace(SimulatedBackup.Source source) {
    SimulatedInstance instance = servers.get(request.key());
    if (instance.version() != source.version()) {
      throw new SimulatorException(
          SimulatorException.Reason.INVALID_PARAMETER,
          "The instance "
              + instance.key()
              + " is of PostgreSQL "
              + instance.version()
              + ", the backup of "
              + source.version());
    }
    Map<String, String> parameters = request.parameters().orElseGet(instance::parameters);
    servers.checkParameters(source.version(), parameters);
    BackedUp data = data();
    InstanceState before;
    try {
      before = instance.begin(InstanceState.MODIFYING, READY);
    } catch (SimulatorException e) {
      data.close();
      throw e;
    }
    SimulatedOperation operation = engine.operations().open(Verb.RESTORE, instance.key());
    Steps ending = steps.releasing(store.until(data));
    ending.later(
        timings.restore(),
        operation,
        reason -> instance.enter(before),
        reason -> afterFailure(instance, before, reason),
        () -> {
          engine.faults().beforeStart();
          exchange(instance, data, parameters);
          instance.take(request.attributes());
          ending.finish(operation, instance, before);
        });
    return operation;
  }

  private void exchange(SimulatedInstance instance, BackedUp data, Map<String, String> parameters) {
    Optional<ManagedDatabase> old = instance.managed();
    // The new one listens where this one does.
    old.ifPresent(ManagedDatabase::stop);
    try {
      instance.attach(
          data.archive()
              .restore(
                  data.moment(),
                  instance.version(),
                  parameters,
                  request.tlsOnly(),
                  instance.port().orElse(0)));
    } catch (RuntimeException e) {
      old.ifPresent(ManagedDatabase::start);
      throw e;
    }
    old.ifPresent(ManagedDatabase::close);
  }

  private static void afterFailure(
      SimulatedInstance instance, InstanceState before, SimulatorException reason) {
    if (instance.managed().filter(ManagedDatabase::isRunning).isPresent()) {
      instance.enter(before);
    } else {
      instance.fail(reason);
    }
  }
}
