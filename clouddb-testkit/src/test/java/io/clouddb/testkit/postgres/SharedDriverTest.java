/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The driver is the server's (Tomcat's lib, for example), the library is the application's. */
class SharedDriverTest {
  /** Runs with the library's classes of its own; texts only go in and out. */
  public static final class Program implements Function<String[], String> {
    /** Made by its name. */
    public Program() {}

    @Override
    public String apply(String[] how) {
      try {
        ConnectionDetails.postgresql(
                how[0], Integer.parseInt(how[1]), "postgres", how[2], SecretRef.literal(how[3]))
            .rootCertificates(how[4])
            .build()
            .connect()
            .close();
        return "connected";
      } catch (Exception e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  @Test
  void rootsThatTravelInTheUrlAreFoundOrTheErrorSaysWhatToDo() throws Exception {
    List<URL> driver = new ArrayList<>();
    List<URL> application = new ArrayList<>();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : path.split(File.pathSeparator)) {
      boolean isDriver = entry.matches(".*[/\\\\]postgresql-42[^/\\\\]*\\.jar");
      (isDriver ? driver : application).add(new File(entry).toURI().toURL());
    }
    assertThat(driver).hasSize(1);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().ssl(true).start();
        URLClassLoader server =
            new URLClassLoader(driver.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        URLClassLoader child = new URLClassLoader(application.toArray(new URL[0]), server)) {
      Class.forName("org.postgresql.Driver", true, server);
      ConnectionDetails superuser = postgres.superuser();
      String[] how = {
        superuser.host(),
        "" + superuser.port(),
        superuser.user(),
        superuser.credentials().getProperty("password"),
        Files.readString(EmbeddedPostgres.certificateAuthority())
      };
      @SuppressWarnings("unchecked")
      Function<String[], String> program =
          (Function<String[], String>)
              Class.forName(Program.class.getName(), true, child)
                  .asSubclass(Function.class)
                  .getConstructor()
                  .newInstance();
      for (ClassLoader context : List.of(child, server)) {
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> end.complete(program.apply(how)));
        thread.setContextClassLoader(context);
        thread.start();
        assertThat(end.get())
            .as("context class loader is the %s's", context == child ? "application" : "server")
            .containsAnyOf("connected", "rootCertificate(");
      }
    }
  }
}
