/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

/**
 * Where a catalog holds an object, as {@code pg_depend} has it.
 *
 * @param catalog oid of the catalog; the same in all servers
 * @param oid oid within the catalog
 * @param aspect empty for the object itself; else what about it has no row of its own, for example
 *     the attachment of a partition
 */
record Address(long catalog, long oid, String aspect) {
  static final long TYPE = 1247;
  static final long ROUTINE = 1255;
  static final long RELATION = 1259;
  static final long DEFAULT = 2604;
  static final long CONSTRAINT = 2606;
  static final long NAMESPACE = 2615;
  static final long REWRITE = 2618;
  static final long TRIGGER = 2620;
  static final long DEFAULT_ACL = 826;
  static final long EXTENSION = 3079;
  static final long POLICY = 3256;
  static final long STATISTICS = 3381;
  static final long COLLATION = 3456;

  Address(long catalog, long oid) {
    this(catalog, oid, "");
  }

  static Address relation(long oid) {
    return new Address(RELATION, oid);
  }

  static Address type(long oid) {
    return new Address(TYPE, oid);
  }

  /** Of something about a relation that the catalogs do not hold as a row of its own. */
  static Address about(ObjectKind kind, long oid) {
    return new Address(RELATION, oid, kind.name());
  }

  /** Of something about any object that the catalogs do not hold as a row of its own. */
  static Address about(ObjectKind kind, Address object) {
    return new Address(object.catalog, object.oid, kind.name());
  }

  /** Of a comment, which an object and each of its columns may have. */
  static Address comment(Address object, int column) {
    return new Address(object.catalog, object.oid, "COMMENT " + column);
  }
}
