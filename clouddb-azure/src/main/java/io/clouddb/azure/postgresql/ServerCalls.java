/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ConfigurationInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.DatabaseInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.FirewallRuleInner;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.RestartParameter;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The requests to one resource group's flexible servers, each a single one and none waiting. */
final class ServerCalls {
  /** Azure's word for a resource that it does not show. */
  static final String NOT_SHOWN = "ResourceNotFound";

  private final ArmScope scope;
  private final Supplier<PostgreSqlManager> manager;
  private final RemoteCalls calls;
  private final ArmOperations operations;
  private final ServerDocuments documents;

  ServerCalls(ArmScope scope, Supplier<PostgreSqlManager> manager, RemoteCalls calls) {
    this.scope = scope;
    this.manager = manager;
    this.calls = calls;
    this.operations = new ArmOperations(calls);
    this.documents = new ServerDocuments(scope, manager, calls);
  }

  private PostgreSqlManagementClient client() {
    return manager.get().serviceClient();
  }

  private String group() {
    return scope.resourceGroup();
  }

  /** A server, in whatever region of the group; empty when there is none. */
  Optional<ServerInner> find(String name) {
    return shown(
        "postgresql.Servers.Get",
        name,
        () ->
            client()
                .getServers()
                .getByResourceGroupWithResponse(group(), name, Context.NONE)
                .getValue());
  }

  /**
   * A server of this region.
   *
   * @throws NotFoundException when there is none of that name here
   * @throws io.clouddb.error.UnavailableException while Azure hides it
   */
  ServerInner existing(String name) {
    return new HiddenServers(scope, this)
        .find(name)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The resource group "
                            + group()
                            + " has no server "
                            + name
                            + " in "
                            + scope.location())
                    .resource(scope.instance(name).toString())
                    .toException());
  }

  /** What the SDK leaves out of Azure's answer about a server's disk. */
  ServerAsItIs.Disk disk(String name) {
    Map<?, ?> storage = part(name, "storage");
    return new ServerAsItIs.Disk(
        Objects.toString(storage.get("type"), null),
        Objects.toString(storage.get("autoGrow"), null));
  }

  /** The key of a server's backups in the paired region, which the SDK leaves out, too. */
  Optional<GeoBackupKey> geoBackupKey(String name) {
    return GeoBackupKey.of(part(name, "dataEncryption"));
  }

  private Map<?, ?> part(String name, String property) {
    Map<?, ?> server = documents.get("Servers.Get", name, "");
    return ListDocument.map(ListDocument.map(server, "properties"), property);
  }

  /** What the location has to offer, all pages of it. */
  List<Map<?, ?>> capabilities() {
    return ListPage.all(
        next ->
            ListPage.of(
                documents.page(
                    "CapabilitiesByLocation.List",
                    scope.location(),
                    next == null ? scope.capabilitiesPath() : next),
                "capabilities",
                capability -> capability));
  }

  /**
   * A page of the group's servers, in whatever region.
   *
   * @param next path and query of the page; null for the first one
   */
  ListPage<ServerInner> page(@Nullable String next) {
    return page(next, ListDocument::server);
  }

  private <T> ListPage<T> page(@Nullable String next, Function<Map<?, ?>, T> entry) {
    return ListPage.of(
        documents.page(
            "Servers.ListByResourceGroup", group(), next == null ? scope.serversPath() : next),
        "servers",
        entry);
  }

  /**
   * A server of the group's list, in whatever region. What is not wanted need not be readable.
   *
   * @param member which of its members tells it, for example its name
   * @param wanted whether it is the one
   */
  Optional<ServerInner> listed(String member, Predicate<String> wanted) {
    return ListPage.<Map<?, ?>>first(
            next -> page(next, server -> server),
            server -> wanted.test(ListDocument.text(server, member)))
        .map(ListDocument::server);
  }

  /** All of a list that is beneath a server. */
  private <T> List<T> all(
      String operation, String server, String what, Function<Map<?, ?>, T> entry) {
    return ListPage.all(
        next ->
            ListPage.of(
                next == null
                    ? documents.get(operation, server, "/" + what)
                    : documents.page(operation, server + "/" + what, next),
                what,
                entry));
  }

  /** A PUT changes what exists: whether it may be sent again is for the caller to look at. */
  Accepted create(String name, ServerInner body) {
    return calls.once(
        "postgresql.Servers.Create",
        name,
        () ->
            ArmOperations.send(client().getServers().createWithResponseAsync(group(), name, body)));
  }

  /** The same with members that the SDK does not know. */
  Accepted create(String name, Map<String, Object> body) {
    return calls.once(
        "postgresql.Servers.Create",
        name,
        () ->
            ArmDocuments.send(
                client().getHttpPipeline(),
                HttpMethod.PUT,
                ArmOperations.absolute(client().getEndpoint(), scope.serverPath(name)),
                body));
  }

  /** What Azure answers about a server that it does not show. */
  NotFoundException notShown(String name) {
    return (NotFoundException)
        ErrorDetails.of(ErrorCategory.NOT_FOUND, "Azure does not show the server " + name)
            .providerCode(NOT_SHOWN)
            .resource(scope.instance(name).toString())
            .toException();
  }

  Accepted update(String name, ServerForUpdate body) {
    return repeatable(
        "postgresql.Servers.Update",
        name,
        client -> client.getServers().updateWithResponseAsync(group(), name, body));
  }

  Accepted delete(String name) {
    return repeatable(
        "postgresql.Servers.Delete",
        name,
        client -> client.getServers().deleteWithResponseAsync(group(), name));
  }

  Accepted start(String name) {
    return repeatable(
        "postgresql.Servers.Start",
        name,
        client -> client.getServers().startWithResponseAsync(group(), name));
  }

  Accepted stop(String name) {
    return repeatable(
        "postgresql.Servers.Stop",
        name,
        client -> client.getServers().stopWithResponseAsync(group(), name));
  }

  /** Twice would interrupt twice: whether a lost one took effect is for the caller to look at. */
  Accepted restart(String name) {
    RestartParameter parameter = new RestartParameter().withRestartWithFailover(false);
    return calls.once(
        "postgresql.Servers.Restart",
        name,
        () ->
            ArmOperations.send(
                client().getServers().restartWithResponseAsync(group(), name, parameter)));
  }

  Accepted database(String server, String name) {
    DatabaseInner body = new DatabaseInner().withCharset("UTF8").withCollation("en_US.utf8");
    return repeatable(
        "postgresql.Databases.Create",
        server + "/" + name,
        client -> client.getDatabases().createWithResponseAsync(group(), server, name, body));
  }

  Accepted configuration(String server, String name, String value) {
    ConfigurationInner body = new ConfigurationInner().withValue(value).withSource("user-override");
    return repeatable(
        "postgresql.Configurations.Put",
        server + "/" + name,
        client -> client.getConfigurations().putWithResponseAsync(group(), server, name, body));
  }

  /** A parameter; empty while Azure does not show it. */
  Optional<ConfigurationInner> configuration(String server, String name) {
    return shown(
        "postgresql.Configurations.Get",
        server + "/" + name,
        () ->
            client()
                .getConfigurations()
                .getWithResponse(group(), server, name, Context.NONE)
                .getValue());
  }

  /** The parameters that somebody has set, and can set: of all others Azure's default holds. */
  Map<String, String> setParameters(String server) {
    return all("Configurations.ListByServer", server, "configurations", ListDocument::configuration)
        .stream()
        .filter(parameter -> "user-override".equals(parameter.source()))
        .filter(parameter -> !Boolean.TRUE.equals(parameter.isReadOnly()))
        .filter(parameter -> parameter.value() != null)
        .collect(
            Collectors.toMap(
                ConfigurationInner::name, ConfigurationInner::value, (before, later) -> later));
  }

  /** Whether Azure shows a database. */
  boolean hasDatabase(String server, String name) {
    return shown(
            "postgresql.Databases.Get",
            server + "/" + name,
            () ->
                client()
                    .getDatabases()
                    .getWithResponse(group(), server, name, Context.NONE)
                    .getValue())
        .isPresent();
  }

  /** A firewall rule; empty when there is none of that name. */
  Optional<FirewallRuleInner> rule(String server, String name) {
    return shown(
        "postgresql.FirewallRules.Get",
        server + "/" + name,
        () ->
            client()
                .getFirewallRules()
                .getWithResponse(group(), server, name, Context.NONE)
                .getValue());
  }

  /** A server's firewall rules, by name. */
  Map<String, AddressRange> namedRules(String server) {
    return all("FirewallRules.ListByServer", server, "firewallRules", ListDocument::rule).stream()
        .collect(
            Collectors.toMap(
                FirewallRuleInner::name,
                rule -> new AddressRange(rule.startIpAddress(), rule.endIpAddress()),
                // Pages overlap where a rule is made while they are read.
                (before, later) -> later));
  }

  /** The names of a server's firewall rules. */
  List<String> ruleNames(String server) {
    return List.copyOf(namedRules(server).keySet());
  }

  Accepted deleteRule(String server, String name) {
    return repeatable(
        "postgresql.FirewallRules.Delete",
        server + "/" + name,
        client -> client.getFirewallRules().deleteWithResponseAsync(group(), server, name));
  }

  /**
   * The same of a server's resource group.
   *
   * @throws CloudDbException when it is in another subscription, which the client does not reach
   */
  ServerCalls at(ServerArmId server) {
    return new ServerCalls(server.group(scope), manager, calls);
  }

  /** The ranges of all firewall rules, whoever has made them. */
  Set<AddressRange> rules(String server) {
    return Set.copyOf(namedRules(server).values());
  }

  private <T> Optional<T> shown(String operation, String resource, Callable<T> read) {
    try {
      return Optional.of(calls.repeatable(operation, resource, read));
    } catch (NotFoundException e) {
      // That the group or the subscription is missing is an error of the configuration.
      if (ServerStep.isNotShown(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Accepted firewallRule(String server, AddressRange range) {
    return firewallRule(server, range.ruleName(), range);
  }

  Accepted firewallRule(String server, String name, AddressRange range) {
    FirewallRuleInner body =
        new FirewallRuleInner().withStartIpAddress(range.first()).withEndIpAddress(range.last());
    return repeatable(
        "postgresql.FirewallRules.CreateOrUpdate",
        server + "/" + name,
        client ->
            client.getFirewallRules().createOrUpdateWithResponseAsync(group(), server, name, body));
  }

  ArmOperations.Status operation(String handle, String resource) {
    PostgreSqlManagementClient client = client();
    return operations.poll(client.getHttpPipeline(), client.getEndpoint(), handle, resource);
  }

  /** A request that does the same when it is made twice. */
  private Accepted repeatable(
      String operation,
      String resource,
      Function<PostgreSqlManagementClient, Mono<Response<Flux<ByteBuffer>>>> request) {
    return calls.repeatable(operation, resource, () -> ArmOperations.send(request.apply(client())));
  }
}
