/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A route store that does something right before the route comes into a state. */
final class HookedRoute {
  /** What is done. */
  interface Action {
    void run() throws Exception;
  }

  private HookedRoute() {}

  static RouteStore before(Route.State state, RouteStore store, Action action) {
    return (RouteStore)
        Proxy.newProxyInstance(
            HookedRoute.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("compareAndSet")
                  && ((Route) arguments[1]).state() == state) {
                action.run();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
