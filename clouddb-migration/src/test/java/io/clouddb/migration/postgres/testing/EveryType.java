/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table for each type, with the values that tools are known to spoil. */
public final class EveryType {
  private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("boolean", List.of("true", "false"));
    VALUES.put("int2", List.of("-32768", "32767"));
    VALUES.put("int4", List.of("-2147483648", "0"));
    VALUES.put(
        "int8",
        List.of(
            "-9223372036854775808", "9223372036854775807", "-1", "4294967295", "4294967296", "1"));
    VALUES.put("oid", List.of("4294967295", "0"));
    VALUES.put("xid8", List.of("'4294967297'", "'1'"));
    VALUES.put(
        "numeric",
        List.of(
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "1.0",
            "1.00",
            "0.000",
            "'1e-1000'",
            "repeat('9', 2000)::numeric",
            "-0.1"));
    VALUES.put("numeric(12,3)", List.of("1.5", "'NaN'", "0", "-1.5"));
    VALUES.put("float4", List.of("'-0'", "0", "'NaN'", "'Infinity'", "0.1", "3.4e38", "1e-45"));
    VALUES.put(
        "float8",
        List.of(
            "'-0'",
            "0",
            "'NaN'",
            "'-Infinity'",
            "0.1",
            "0.10000000000000002",
            "1.7976931348623157e308",
            "5e-324"));
    VALUES.put("money", List.of("'-12345.67'", "'0'"));
    VALUES.put(
        "text",
        List.of(
            "''",
            "E'a\\tb\\nc\\\\d'",
            "'\\N'",
            "'grüße 😀'",
            "' trailing  '",
            "repeat('é', 9000)"));
    VALUES.put("varchar(10)", List.of("'a  '", "'a'", "''", "'1234567890'"));
    VALUES.put("char(5)", List.of("'a'", "''", "'abcde'"));
    VALUES.put("bpchar", List.of("'a'", "'a  '"));
    VALUES.put("\"char\"", List.of("'x'", "'y'"));
    VALUES.put("name", List.of("'some name'", "''"));
    VALUES.put("bytea", List.of("''", "'\\x00ff5c'", "decode(repeat('00ff', 50000), 'hex')"));
    VALUES.put("date", List.of("'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'"));
    VALUES.put(
        "time", List.of("'24:00:00'", "'00:00:00'", "'00:00:00.000001'", "'01:11:34.967296'"));
    VALUES.put("timetz", List.of("'24:00:00-15:59'", "'12:00:00+05:30'", "'06:30:00+00'"));
    VALUES.put(
        "timestamp",
        List.of(
            "'infinity'",
            "'4713-01-01 00:00:00 BC'",
            "'294276-12-31 23:59:59.999999'",
            "'1999-12-31 23:59:59.999999'",
            "'2000-01-01 01:11:34.967295'"));
    VALUES.put(
        "timestamptz",
        List.of(
            "'-infinity'",
            "'4714-11-24 00:00:00+00 BC'",
            "'1883-11-18 12:03:58-04:56:02'",
            "'1999-12-31 23:59:59.999999+00'",
            "'2000-01-01 01:11:34.967295+00'"));
    VALUES.put(
        "interval",
        List.of("'1 day'", "'24:00:00'", "'1 mon -1 day +00:00:01.000001'", "'-178000000 years'"));
    VALUES.put("interval year to month", List.of("'3 years 2 mons'", "'2 mons'"));
    VALUES.put(
        "uuid",
        List.of(
            "'00000000-0000-0000-0000-0000000000ff'", "'00000000-0000-0000-0000-0000000000fe'"));
    VALUES.put(
        "json",
        List.of("'null'", "'{\"b\": 1.0,  \"a\":1, \"a\": 2}'", "'{\"a\":1}'", "'{\"a\": 1}'"));
    VALUES.put(
        "jsonb",
        List.of(
            "'null'",
            "'{\"b\": 1.00, \"a\": 1e400}'",
            "'{\"b\": 1.0, \"a\": 1e400}'",
            "'[1, 1.0, \"\\u00e9\"]'",
            "'\"\"'"));
    VALUES.put("jsonpath", List.of("'$.a[*] ? (@ > 1)'", "'$.a'"));
    VALUES.put("xml", List.of("'<a>x</a>'", "'text only'", "'<?xml version=\"1.0\"?><b/>'"));
    VALUES.put("inet", List.of("'10.1.2.3/8'", "'::1'", "'10.0.0.1'", "'10.0.0.1/24'"));
    VALUES.put("cidr", List.of("'10.0.0.0/8'", "'10.0.0.0/9'"));
    VALUES.put("macaddr", List.of("'08:00:2b:01:02:03'", "'08:00:2b:01:02:04'"));
    VALUES.put("macaddr8", List.of("'08:00:2b:01:02:03:04:05'", "'08:00:2b:01:02:03:04:06'"));
    VALUES.put("bit(3)", List.of("B'101'", "B'100'"));
    VALUES.put("varbit", List.of("B''", "B'1010101'", "B'10101010'"));
    VALUES.put("point", List.of("'(-0,1e-300)'", "'(0,1e-300)'", "'(0,0)'"));
    VALUES.put("box", List.of("'(1,2),(0,0)'", "'(2,1),(0,0)'"));
    VALUES.put("path", List.of("'[(0,0),(1,1)]'", "'((0,0),(1,1))'"));
    VALUES.put("polygon", List.of("'((0,0),(1,1),(1,0))'", "'((1,1),(1,0),(0,0))'"));
    VALUES.put("circle", List.of("'<(0,0),1>'", "'<(1,1),1>'"));
    VALUES.put("line", List.of("'{1,2,3}'", "'{2,4,6}'"));
    VALUES.put("lseg", List.of("'[(0,0),(1,1)]'", "'[(1,1),(0,0)]'"));
    VALUES.put("tsvector", List.of("'fat:2A cat:1'", "'fat:2B cat:1'", "''"));
    VALUES.put("tsquery", List.of("'fat & (cat | !dog)'", "'fat & cat'"));
    VALUES.put("int4range", List.of("'empty'", "'[1,5)'", "'(,)'"));
    VALUES.put("numrange", List.of("'[1.0,1.00]'", "'[1.0,1.0]'", "'[1.0,1.5)'"));
    VALUES.put(
        "tstzrange",
        List.of("'[\"2020-01-01 00:00:00+00\",infinity)'", "'[\"2020-01-01 00:00:00+00\",)'"));
    VALUES.put("daterange", List.of("'[2020-01-01,2021-01-01)'", "'empty'"));
    VALUES.put("nummultirange", List.of("'{[1.0,2)}'", "'{[1.00,2)}'"));
    VALUES.put("int4multirange", List.of("'{}'", "'{[1,3),[5,9)}'"));
    VALUES.put("pg_lsn", List.of("'FFFFFFFF/FFFFFFFF'", "'0/FFFFFFFF'", "'1/0'", "'0/1'"));
    VALUES.put("regclass", List.of("'pg_catalog.pg_class'", "'pg_catalog.pg_type'"));
    VALUES.put("regtype", List.of("'text'", "'bytea'"));
    VALUES.put(
        "int4[]",
        List.of(
            "'{}'",
            "'{1,NULL,3}'",
            "'[0:1][2:3]={{1,2},{3,4}}'",
            "'{NULL}'",
            "'{{1,2},{3,4}}'",
            "'{{1,2,3,4}}'"));
    VALUES.put(
        "text[]",
        List.of(
            "ARRAY['', 'NULL', NULL, 'a,\"b\\', '{}']",
            "ARRAY['', NULL, 'NULL', 'a,\"b\\', '{}']",
            "ARRAY['']",
            "ARRAY[NULL]"));
    VALUES.put("numeric[]", List.of("'{NaN,1.00}'", "'{NaN,1.0}'"));
    VALUES.put("bytea[]", List.of("ARRAY['\\x00'::bytea, NULL]", "ARRAY['\\x00'::bytea, '\\x']"));
    VALUES.put(
        "jsonb[]",
        List.of(
            "ARRAY['null'::jsonb, NULL, '{\"a\": 1.0}']",
            "ARRAY['null'::jsonb, 'null', '{\"a\": 1.0}']"));
    VALUES.put("mood", List.of("'sad'", "'o''k, \"fine\"'"));
    VALUES.put("mood[]", List.of("'{sad,NULL}'", "'{NULL,sad}'"));
    VALUES.put("positive", List.of("1", "2"));
    VALUES.put("code", List.of("'ab'", "'ab '"));
    VALUES.put(
        "pair",
        List.of(
            "ROW(1, NULL)::pair",
            "ROW(NULL, NULL)::pair",
            "ROW(2, 'x,\"')::pair",
            "ROW(1, '')::pair"));
    VALUES.put(
        "pair[]",
        List.of(
            "ARRAY[ROW(1, 'a')::pair, NULL]", "ARRAY[ROW(1, 'a')::pair, ROW(NULL, NULL)::pair]"));
    VALUES.put("citext", List.of("'MiXed'", "'mixed'", "''"));
    VALUES.put("hstore", List.of("'a=>1, \"B b\"=>NULL'", "'a=>1, \"B b\"=>\"\"'", "''"));
    VALUES.put("floatrange", List.of("'[-0,1.5)'", "'[0,1.5)'"));
  }

  private EveryType() {}

  /** The types as SQL has them, and of each some values that all differ, as expressions. */
  public static Map<String, List<String>> values() {
    return Collections.unmodifiableMap(VALUES);
  }

  /** The extensions and types that the values need. */
  public static List<String> types() {
    return List.of(
        "CREATE EXTENSION citext",
        "CREATE EXTENSION hstore",
        "CREATE TYPE mood AS ENUM ('sad', 'o''k, \"fine\"')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE DOMAIN code AS varchar(4)",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE TYPE floatrange AS RANGE (subtype = float8)");
  }

  /** Tables {@code type_0} and so on, with an int key and the type's column, and its types. */
  public static String[] schema() {
    List<String> sql = new ArrayList<>(types());
    int number = 0;
    for (String type : VALUES.keySet()) {
      sql.add("CREATE TABLE type_" + number++ + " (id int PRIMARY KEY, v " + type + ")");
    }
    return sql.toArray(String[]::new);
  }

  /** A row for each value from an id on, and one with NULL. */
  public static String[] inserts(int fromId) {
    List<String> sql = new ArrayList<>();
    int number = 0;
    for (List<String> values : VALUES.values()) {
      int id = fromId;
      for (String value : values) {
        sql.add("INSERT INTO type_" + number + " VALUES (" + id++ + ", " + value + ")");
      }
      sql.add("INSERT INTO type_" + number + " VALUES (" + id + ", NULL)");
      number++;
    }
    return sql.toArray(String[]::new);
  }

  /** For each table one statement, in which {@code %s} is its name. */
  public static String[] onEach(String statement) {
    List<String> sql = new ArrayList<>();
    for (int number = 0; number < VALUES.size(); number++) {
      sql.add(statement.replace("%s", "type_" + number));
    }
    return sql.toArray(String[]::new);
  }
}
