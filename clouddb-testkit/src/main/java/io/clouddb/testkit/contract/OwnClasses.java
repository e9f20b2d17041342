/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudConfig;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs {@link OpenUseClose} as an application server runs an application: with its own classes. */
final class OwnClasses {
  private OwnClasses() {}

  /**
   * Opens, uses and closes a cloud by classes of a loader of their own.
   *
   * @return the loader, which nothing here refers to any more
   */
  static WeakReference<ClassLoader> run(CloudConfig config, String token, boolean tables) {
    Map<String, String> how = new TreeMap<>(config.properties());
    how.put(OpenUseClose.PROVIDER, config.provider());
    how.put(OpenUseClose.LOCATION, config.location());
    how.put(OpenUseClose.ENDPOINT, config.endpoint().orElseThrow().toString());
    how.put(OpenUseClose.SECRET, config.endpointSecret().orElseThrow().resolve());
    how.put(OpenUseClose.TOKEN, token);
    if (tables) {
      how.put(OpenUseClose.TABLES, "");
    }
    CompletableFuture<String> end = new CompletableFuture<>();
    CompletableFuture<WeakReference<ClassLoader>> loader = new CompletableFuture<>();
    // On a thread that ends: what libraries keep for a thread goes with it.
    Thread application =
        new Thread(
            () -> {
              try {
                loader.complete(
                    runIn(
                        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader()),
                        how));
                end.complete("");
              } catch (Throwable e) {
                // As text: the exception's class holds the loader.
                end.complete(text(e));
              }
            },
            "application");
    application.start();
    String failure = end.join();
    if (!failure.isEmpty()) {
      throw new AssertionError(failure);
    }
    return loader.join();
  }

  private static String text(Throwable e) {
    java.io.StringWriter trace = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(trace));
    return trace.toString();
  }

  private static WeakReference<ClassLoader> runIn(ClassLoader loader, Map<String, String> how)
      throws ReflectiveOperationException {
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> program = Class.forName(OpenUseClose.class.getName(), true, loader);
    if (program == OpenUseClose.class) {
      throw new IllegalStateException("The classes are not its own");
    }
    Constructor<?> constructor = program.getDeclaredConstructor();
    constructor.setAccessible(true);
    @SuppressWarnings("unchecked")
    Consumer<Map<String, String>> application =
        (Consumer<Map<String, String>>) constructor.newInstance();
    application.accept(how);
    return new WeakReference<>(loader);
  }

  private static URL[] classPath() throws MalformedURLException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return urls.toArray(new URL[0]);
  }

  /** Whether a thread runs code of a loader, or was begun by some. */
  static boolean belongsTo(Thread thread, @Nullable ClassLoader loader) {
    return loader != null
        && (thread.getContextClassLoader() == loader
            || thread.getClass().getClassLoader() == loader);
  }
}
