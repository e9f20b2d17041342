/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PartiQL as DynamoDB speaks it: statements are read ({@code Lexer}, {@code Parser}), their
 * conditions become the same ones as those of expressions, and they run on the same tables.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html">PartiQL
 *     for DynamoDB</a>
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import org.jspecify.annotations.NullMarked;
