/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.clouddb.migration.postgres.stream.ChangeMessage;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The message that a transaction begins with in which the migration writes, and by which the stream
 * in the other direction leaves it out. Any role can write such a message; so it carries a code of
 * the transaction's number under a secret of the migration. The secret is in the journal and
 * nowhere else, no server ever sees it, and a code that somebody read is good for no other
 * transaction.
 */
public final class ApplyMark {
  /** The prefix of the message in the stream. */
  static final String PREFIX = "clouddb.apply";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  /** What the stream has of a transaction's number. */
  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private final String owner;
  private final String way;
  private final SecretKeySpec key;

  private ApplyMark(String migration, String way, String secret) {
    this.owner = migration + ":";
    this.way = way;
    this.key = new SecretKeySpec(HexFormat.of().parseHex(secret), ALGORITHM);
  }

  /**
   * Makes a secret.
   *
   * @param random where it comes from
   * @return 256 bits in hexadecimal digits
   */
  public static String secret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * The mark of what the migration writes to its target.
   *
   * @param migration the migration's id
   * @param secret what {@link #secret} made for it
   * @return the mark
   */
  public static ApplyMark onTarget(String migration, String secret) {
    return new ApplyMark(migration, "target", secret);
  }

  /**
   * The mark of what the migration brings back to its source.
   *
   * @param migration the migration's id
   * @param secret what {@link #secret} made for it
   * @return the mark
   */
  public static ApplyMark onSource(String migration, String secret) {
    return new ApplyMark(migration, "source", secret);
  }

  /**
   * Marks a transaction. Nothing was written in it yet.
   *
   * @param connection a session not in auto-commit mode
   * @throws SQLException when the server refuses
   */
  public void begin(Connection connection) throws SQLException {
    long transaction;
    try (PreparedStatement number =
            connection.prepareStatement("SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text");
        ResultSet row = number.executeQuery()) {
      row.next();
      transaction = Long.parseUnsignedLong(row.getString(1));
    }
    try (PreparedStatement message =
        connection.prepareStatement(
            "SELECT pg_catalog.pg_logical_emit_message("
                + "true, ?::pg_catalog.text, ?::pg_catalog.text)")) {
      message.setString(1, PREFIX);
      message.setString(2, content(transaction));
      message.execute();
    }
  }

  /** Whether a message marks the transaction that it begins. */
  boolean marks(ChangeMessage.LogicalMessage message, ChangeMessage.Begin transaction) {
    return message.prefix().equals(PREFIX)
        && MessageDigest.isEqual(
            content(transaction.xid()).getBytes(UTF_8), message.content().getBytes(UTF_8));
  }

  /**
   * Whether a message that does not mark its transaction looks as if it did. That of another
   * migration, which brings its changes here, does not.
   */
  boolean imitates(ChangeMessage.LogicalMessage message) {
    return message.prefix().equals(PREFIX)
        && (message.content().startsWith(owner) || message.content().indexOf(':') < 0);
  }

  /** What the message of a transaction says. */
  String content(long transaction) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] code = mac.doFinal((way + ":" + (transaction & LOW_32_BITS)).getBytes(UTF_8));
      return owner + HexFormat.of().formatHex(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
