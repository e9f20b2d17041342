/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import java.util.ArrayList;
import java.util.List;

/** Reads projections: paths with commas between them. */
final class ProjectionGrammar {
  private ProjectionGrammar() {}

  static List<PathNode> parse(String parameter, String text) {
    Tokens tokens = new Tokens(parameter, text);
    OperandGrammar operands = new OperandGrammar(tokens);
    List<PathNode> paths = new ArrayList<>();
    do {
      paths.add(operands.path());
    } while (tokens.takeSymbol(","));
    tokens.expectEnd();
    return paths;
  }
}
