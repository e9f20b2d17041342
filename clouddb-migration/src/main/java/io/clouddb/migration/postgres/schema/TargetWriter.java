/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes objects on the target, each in one transaction, over one connection or several. */
final class TargetWriter implements AutoCloseable {
  /** Work that is done in order over one connection, and what it allows to be done afterwards. */
  record Work(List<SchemaObject> objects, List<Work> then) {}

  /** Hears of an object that was made; called by any of the threads. */
  @FunctionalInterface
  interface Made {
    void made(SchemaObject object);
  }

  /**
   * Hears of an object that the target refuses, for a reason that does not pass by itself; called
   * by any of the threads. What it throws ends the work.
   */
  @FunctionalInterface
  interface Refused {
    void refused(SchemaObject object, CloudDbException why);
  }

  private final WriterSessions sessions;
  private final int connections;
  private final Refused refused;

  /** Whose an object is or becomes, by its address. */
  private final Map<Address, SchemaObject> owners;

  /** What is on the target of these. */
  private final Set<SchemaObject.Key> given;

  /**
   * One that ends at the first object that is refused.
   *
   * @param owners made with what they are about
   * @param made what of them is on the target
   */
  TargetWriter(
      ConnectionDetails target,
      int connections,
      List<SchemaObject> owners,
      Set<SchemaObject.Key> made) {
    this(
        target,
        connections,
        owners,
        made,
        (object, why) -> {
          throw why;
        });
  }

  /** One for objects that no owner is made for. */
  TargetWriter(ConnectionDetails target, int connections, Refused refused) {
    this(target, connections, List.of(), Set.of(), refused);
  }

  private TargetWriter(
      ConnectionDetails target,
      int connections,
      List<SchemaObject> owners,
      Set<SchemaObject.Key> made,
      Refused refused) {
    this.given = ConcurrentHashMap.newKeySet();
    this.given.addAll(made);
    this.sessions = new WriterSessions(target);
    this.connections = connections;
    this.refused = refused;
    this.owners =
        owners.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    owner -> owner.requires().get(0), Function.identity()));
  }

  /** Makes objects one after the other. */
  void inOrder(List<SchemaObject> objects, Made made) {
    if (objects.isEmpty()) {
      return;
    }
    try {
      sessions.use(
          connection -> {
            for (SchemaObject object : objects) {
              make(connection, object, made);
            }
            return objects.size();
          });
    } catch (SQLException e) {
      throw SqlFailure.of("connecting to the target", e);
    }
  }

  /**
   * Does work over several connections. The first failure ends it, when what runs at that moment is
   * done.
   */
  void atOnce(List<Work> works, Made made) {
    Queue<Work> queue = new ConcurrentLinkedQueue<>(works);
    int count = Math.min(connections, works.stream().mapToInt(TargetWriter::width).sum());
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, count));
    try {
      List<Future<?>> running = new ArrayList<>();
      Pending pending = new Pending(works.size());
      for (int i = 0; i < count; i++) {
        running.add(threads.submit(() -> drain(queue, pending, made)));
      }
      join(running);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Reads what is there, in one of the sessions. */
  <T> T read(WriterSessions.Work<T> question) throws SQLException {
    return sessions.use(question);
  }

  private static int width(Work work) {
    return 1 + work.then().size();
  }

  private void drain(Queue<Work> queue, Pending pending, Made made) {
    try {
      sessions.use(
          connection -> {
            drain(connection, queue, pending, made);
            return queue;
          });
    } catch (SQLException e) {
      pending.fail();
      throw SqlFailure.of("connecting to the target", e);
    } catch (RuntimeException e) {
      pending.fail();
      throw e;
    }
  }

  private void drain(Connection connection, Queue<Work> queue, Pending pending, Made made) {
    while (pending.await(queue)) {
      Work work = queue.poll();
      if (work != null) {
        for (SchemaObject object : work.objects()) {
          make(connection, object, made);
        }
        queue.addAll(work.then());
        pending.done(work.then().size());
      }
    }
  }

  private static void join(List<Future<?>> running) {
    RuntimeException failure = null;
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        RuntimeException next =
            e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException(e.getCause());
        if (failure == null) {
          failure = next;
        } else {
          failure.addSuppressed(next);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = failure == null ? new IllegalStateException("Interrupted", e) : failure;
        running.forEach(future -> future.cancel(true));
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void make(Connection connection, SchemaObject object, Made made) {
    if (object.kind() == ObjectKind.OWNER && given.contains(object.key())) {
      return;
    }
    try {
      connection.setAutoCommit(false);
      // What the objects before ran of their own may have set another one, and a definition names
      // what is in the catalog without its schema.
      PinnedSession.useSafePath(connection);
      Ownership.make(connection, object, actor(object));
      Optional<SchemaObject> owner = owner(object);
      if (owner.isPresent()) {
        // Before any row is in it, and any of its code runs.
        Ownership.make(connection, owner.get());
      }
      connection.commit();
      if (object.kind() == ObjectKind.OWNER) {
        given.add(object.key());
      }
      made.made(object);
      owner.filter(one -> given.add(one.key())).ifPresent(made::made);
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException rollback) {
        e.addSuppressed(rollback);
      }
      CloudDbException failure = SqlFailure.of("making " + object + " on the target", e);
      if (SqlFailure.isTransient(e)) {
        throw failure;
      }
      refused.refused(object, failure);
    }
  }

  private Optional<SchemaObject> owner(SchemaObject object) {
    return Stream.concat(Stream.of(object.address()), object.covers().stream())
        .map(owners::get)
        .filter(Objects::nonNull)
        .filter(owner -> !given.contains(owner.key()))
        .findFirst();
  }

  /** As whom what looks at the rows that are there is made: it runs the code of its owner. */
  private @Nullable String actor(SchemaObject object) {
    return switch (object.kind()) {
      case CHECK, DOMAIN_CONSTRAINT ->
          object.requires().stream()
              .map(owners::get)
              .filter(Objects::nonNull)
              .map(owner -> owner.roles().iterator().next())
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }

  @Override
  public void close() {
    try {
      sessions.close();
    } catch (SQLException e) {
      throw SqlFailure.of("closing the sessions of the target", e);
    }
  }

  /** How much work is not done yet, so that idle threads know whether more will come. */
  private static final class Pending {
    private int count;
    private boolean failed;

    Pending(int count) {
      this.count = count;
    }

    /** Waits for work in the queue; false when none will come. */
    synchronized boolean await(Queue<Work> queue) {
      while (queue.isEmpty() && count > 0 && !failed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return !failed && count > 0;
    }

    synchronized void done(int more) {
      count += more - 1;
      notifyAll();
    }

    synchronized void fail() {
      failed = true;
      notifyAll();
    }
  }
}
