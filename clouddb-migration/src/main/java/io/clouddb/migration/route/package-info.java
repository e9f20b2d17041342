/**
 * Which database an application works on, decided in one place for any number of processes. The
 * migration writes one {@linkplain io.clouddb.migration.route.Route route record}; each application
 * process follows it through a {@link io.clouddb.migration.route.SwitchableDataSource}.
 */
@NullMarked
package io.clouddb.migration.route;

import org.jspecify.annotations.NullMarked;
