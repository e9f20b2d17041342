/**
 * Azure Database for PostgreSQL behind the clouddb API. Found by {@link java.util.ServiceLoader}.
 *
 * <p>A real module, since Azure's libraries are: an automatic one would not have them resolved.
 */
module io.clouddb.azure {
  requires transitive io.clouddb.api;
  // Objects of these can be handed in.
  requires transitive com.azure.core;
  requires transitive com.azure.resourcemanager.postgresqlflexibleserver;
  // Inside only.
  requires com.azure.core.management;
  requires com.azure.identity;
  requires com.azure.json;
  requires java.net.http;
  requires org.slf4j;
  requires reactor.core;

  exports io.clouddb.azure;

  provides io.clouddb.spi.CloudDbProvider with
      io.clouddb.azure.AzureProvider;
}
