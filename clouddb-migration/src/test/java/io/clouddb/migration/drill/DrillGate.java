/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Where the migrating process stands before and after each entry of its journal, until the drill
 * lets it go on: so a fault is at an entry exactly, and never comes too late.
 */
final class DrillGate {
  static final String GO = "go";
  static final String BEFORE = "before";
  static final String AFTER = "after";
  static final String SEPARATOR = "\t";

  /** An end of a run that another is to go on from. */
  static final String UNFINISHED = "UNFINISHED";

  private static final int ABANDONED = 9;
  private static final List<String> DETAILS = List.of("step", "what", "status");

  private final DataOutputStream out;
  private final Semaphore go = new Semaphore(0);

  private DrillGate(DataOutputStream out) {
    this.out = out;
  }

  /** Connects to the drill; whatever it says but to go on is given to {@code commands}. */
  static DrillGate connect(int port, Consumer<String> commands) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    DrillGate gate = new DrillGate(new DataOutputStream(socket.getOutputStream()));
    DataInputStream in = new DataInputStream(socket.getInputStream());
    Thread listener = new Thread(() -> gate.listen(in, commands), "drill-gate");
    listener.setDaemon(true);
    listener.start();
    return gate;
  }

  private void listen(DataInputStream in, Consumer<String> commands) {
    try {
      while (true) {
        String word = in.readUTF();
        if (word.equals(GO)) {
          go.release();
        } else {
          commands.accept(word);
        }
      }
    } catch (IOException e) {
      // The drill is gone.
      Runtime.getRuntime().halt(ABANDONED);
    }
  }

  private synchronized void stand(String side, String kind, Map<String, String> data) {
    String detail =
        DETAILS.stream().filter(data::containsKey).map(data::get).findFirst().orElse("");
    if (data.getOrDefault("resumable", "").equals("true")) {
      detail = UNFINISHED;
    }
    try {
      out.writeUTF(String.join(SEPARATOR, side, kind, detail));
      out.flush();
      go.acquire();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at the gate", e);
    }
  }

  /** A store whose journals stand at this gate. */
  StateStore around(StateStore store) {
    return id -> new GatedJournal(store.open(id));
  }

  private final class GatedJournal implements Journal {
    private final Journal journal;

    GatedJournal(Journal journal) {
      this.journal = journal;
    }

    @Override
    public List<JournalEntry> entries() {
      return journal.entries();
    }

    @Override
    public JournalEntry append(String kind, Map<String, String> data) {
      stand(BEFORE, kind, data);
      JournalEntry entry = journal.append(kind, data);
      stand(AFTER, kind, data);
      return entry;
    }

    @Override
    public Optional<JournalEntry> settle() {
      return journal.settle();
    }

    @Override
    public void requireHeld() {
      journal.requireHeld();
    }

    @Override
    public void close() {
      journal.close();
    }
  }
}
