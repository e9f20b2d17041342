/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

/** A table of 13 columns of different types, about 240 bytes a row. */
final class MixedTable {
  private final String name;

  MixedTable(String name) {
    this.name = name;
  }

  String create() {
    return "CREATE TABLE "
        + name
        + " (id bigint NOT NULL, small smallint, amount numeric(12,2), ratio double precision,"
        + " flag boolean, name text, code char(8), created timestamptz, day date, token uuid,"
        + " attributes jsonb, tags text[], payload bytea)";
  }

  String key() {
    return "ALTER TABLE " + name + " ADD PRIMARY KEY (id)";
  }

  /** Rows from the numbers of an SQL condition such as {@code generate_series(1, 10) AS i}. */
  String insert(String numbers) {
    return "INSERT INTO "
        + name
        + " SELECT i, i % 1000, i * 0.07, sqrt(i), i % 3 = 0, 'customer number ' || i,"
        + " lpad(to_hex(i), 8, '0'), timestamptz '2026-01-01' + i * interval '1 second',"
        + " date '2026-01-01' + (i % 365)::int, md5(i::text)::uuid,"
        + " jsonb_build_object('n', i, 'color', (ARRAY['red','green','blue'])[1 + i % 3]),"
        + " ARRAY['a' || i % 7, 'b' || i % 11], decode(md5((i * 7)::text), 'hex') FROM "
        + numbers;
  }

  /** So many rows from 1 on. */
  String insertNumbers(long rows) {
    return insert("generate_series(1::bigint, " + rows + ") AS i");
  }

  String copy(String direction) {
    return "COPY " + name + " " + direction + " (FORMAT binary)";
  }

  /** Equal for equal rows, whatever their order. */
  String checksum() {
    return "SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "
        + name
        + " AS t";
  }
}
