/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

/**
 * A column that holds data. Columns that were dropped are not in any list.
 *
 * @param name its name as the catalog has it
 * @param type its type as {@code format_type} writes it, schema-qualified where it has to be
 * @param typeOid oid of the type on the database that was read; differs between clusters for types
 *     that are not built in
 * @param notNull true when NULL is refused
 * @param generated true when the server computes it from others (stored): never copied or applied
 * @param identity {@code 'a'} always, {@code 'd'} by default, {@code ' '} none
 */
public record Column(
    String name, String type, int typeOid, boolean notNull, boolean generated, char identity) {}
