/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ModuleRulesTest {
  private static final String[] OTHER_MODULES = {
    "io.clouddb.aws..",
    "io.clouddb.azure..",
    "io.clouddb.gcp..",
    "io.clouddb.migration..",
    "io.clouddb.testkit.."
  };
  private static final String[] SDKS = {"software.amazon..", "com.azure..", "com.google.."};

  private static final String SIMULATOR = "io.clouddb.testkit.simulator";
  private static final String[] SKINS = {
    SIMULATOR + ".aws..", SIMULATOR + ".arm..", SIMULATOR + ".google.."
  };

  private static final JavaClasses ALL = OurClasses.ALL;

  private static DescribedPredicate<JavaClass> api() {
    return resideInAnyPackage("io.clouddb..").and(resideOutsideOfPackages(OTHER_MODULES));
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module : OTHER_MODULES) {
      assertThat(ALL.that(resideInAnyPackage(module))).as(module).hasSizeGreaterThan(5);
    }
    assertThat(ALL.that(api())).hasSizeGreaterThan(50);
  }

  @Test
  void theApiDependsOnNoOtherModuleAndOnNoSdk() {
    noClasses()
        .that(api())
        .should()
        .dependOnClassesThat(resideInAnyPackage(OTHER_MODULES).or(resideInAnyPackage(SDKS)))
        .check(ALL);
  }

  @Test
  void aProviderSeesTheApiAndItsOwnSdkOnly() {
    onlySees("io.clouddb.aws..", "software.amazon..");
    onlySees("io.clouddb.azure..", "com.azure..");
    onlySees("io.clouddb.gcp..", "com.google..");
  }

  private static void onlySees(String provider, String sdk) {
    noClasses()
        .that()
        .resideInAPackage(provider)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(OTHER_MODULES)
                .and(resideOutsideOfPackages(provider))
                .or(resideInAnyPackage(SDKS).and(resideOutsideOfPackages(sdk))))
        .check(ALL);
  }

  @Test
  void theMigrationSeesNoProviderAndNoSdk() {
    onlySees("io.clouddb.migration..", "no.sdk..");
  }

  @Test
  void theSimulatorsSeeNoSdk() {
    onlySees("io.clouddb.testkit..", "no.sdk..");
  }

  /**
   * From the ground: engine; server, tables and http, which do not know each other; a skin of each
   * cloud.
   */
  @Test
  void theSimulatorsAreBuiltInLayers() {
    for (String layer : List.of("engine", "server", "tables", "http", "aws", "arm", "google")) {
      assertThat(ALL.that(resideInAnyPackage(SIMULATOR + "." + layer + "..")))
          .as(layer)
          .hasSizeGreaterThan(5);
    }
    simulatorsDoNotSee("engine", SIMULATOR, "server", "tables", "http", "aws", "arm", "google");
    simulatorsDoNotSee("server", SIMULATOR, "tables", "http", "aws", "arm", "google");
    simulatorsDoNotSee("tables", SIMULATOR, "server", "http", "aws", "arm", "google");
    simulatorsDoNotSee("http", SIMULATOR, "server", "tables", "aws", "arm", "google");
    simulatorsDoNotSee("aws", "arm", "google");
    simulatorsDoNotSee("arm", "aws", "google");
    simulatorsDoNotSee("google", "aws", "arm");
    noClasses()
        .that()
        .resideInAPackage(SIMULATOR)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SKINS)
        .check(ALL);
  }

  /** The simulators' own package by its whole name, those in it by their last. */
  private static void simulatorsDoNotSee(String layer, String... others) {
    noClasses()
        .that()
        .resideInAPackage(SIMULATOR + "." + layer + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Arrays.stream(others)
                .map(other -> other.equals(SIMULATOR) ? other : SIMULATOR + "." + other + "..")
                .toArray(String[]::new))
        .check(ALL);
  }

  /** What every cloud has knows neither databases nor the engines that the testkit starts. */
  @Test
  void theEngineOfTheSimulatorsKnowsNoDatabase() {
    noClasses()
        .that()
        .resideInAPackage(SIMULATOR + ".engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "io.clouddb.testkit.postgres..", "io.clouddb.instance..")
        .check(ALL);
  }

  /** But for what module-info exports to them by name: private files, strict JSON, quoting. */
  @Test
  void theApisInternalsAreItsOwn() {
    noClasses()
        .that()
        .resideInAnyPackage(OTHER_MODULES)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.clouddb.internal..")
                .and(
                    resideOutsideOfPackages(
                        "io.clouddb.internal.file",
                        "io.clouddb.internal.json",
                        "io.clouddb.internal.text")))
        .check(ALL);
    for (String provider : List.of("io.clouddb.aws..", "io.clouddb.azure..", "io.clouddb.gcp..")) {
      noClasses()
          .that()
          .resideInAPackage(provider)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.clouddb.internal..")
          .check(ALL);
    }
  }

  /** One place knows how a file is kept from others, and how a folder is forced to disk. */
  @Test
  void filesAreMadeByWhatKeepsThemPrivate() {
    noClasses()
        .that()
        .resideInAPackage("io.clouddb.migration..")
        .should()
        .callMethodWhere(
            target(owner(type(Files.class)))
                .and(
                    target(
                        nameMatching(
                            "write|writeString|createFile|createDirectory|createDirectories"
                                + "|newBufferedWriter|newOutputStream|copy"))))
        .check(ALL);
  }

  @Test
  void noJacksonTypeStandsInAPublicSignature() {
    List<String> found = new ArrayList<>();
    for (JavaClass type : ALL) {
      boolean internal = type.getPackageName().contains(".internal");
      if (internal || isPartOfASkin(type) || !isPublic(type)) {
        continue;
      }
      for (JavaMethod method : type.getMethods()) {
        boolean visible =
            method.getModifiers().contains(JavaModifier.PUBLIC)
                || method.getModifiers().contains(JavaModifier.PROTECTED);
        boolean jackson =
            method.getAllInvolvedRawTypes().stream()
                .anyMatch(t -> t.getPackageName().startsWith("com.fasterxml.jackson"));
        if (visible && jackson) {
          found.add(method.getFullName());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /**
   * What the services of a simulated cloud are written with, in packages of the testkit's own. What
   * a test takes in hand is the cloud itself, and the services that it gives out.
   */
  private static boolean isPartOfASkin(JavaClass type) {
    return resideInAnyPackage(SKINS).test(type)
        && !type.getSimpleName().startsWith("Simulated")
        && !type.getSimpleName().endsWith("Service");
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ModuleRulesTest::isPublic).orElse(true);
  }

  /** Else the rule on stack traces would not see that it is one: see archunit.properties. */
  @Test
  void everyExceptionIsKnownAsOne() {
    Set<String> unknown = new TreeSet<>();
    for (JavaClass type : ALL) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        JavaClass used = call.getTargetOwner();
        if (used.getSimpleName().endsWith("Exception") && !used.isAssignableTo(Throwable.class)) {
          unknown.add(used.getName());
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(ALL);
  }

  @Test
  void aLibraryPrintsNothingAndEndsNoProcess() {
    // Its main method says on which port it listens.
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        ALL.that(
            DescribedPredicate.not(
                nameMatching("io\\.clouddb\\.testkit\\.simulator\\.aws\\.DynamoDbSimulator"))));
    noClasses().should().callMethod(System.class, "exit", int.class).check(ALL);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(ALL);
  }

  @Test
  void thereIsNoStaticMutableState() {
    fields().that().areStatic().should().beFinal().check(ALL);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : ALL) {
      if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void contractsAreNamedSo() {
    classes()
        .that()
        .resideInAPackage("io.clouddb.testkit.contract..")
        .and()
        .resideOutsideOfPackage("..internal..")
        .and()
        .arePublic()
        .and()
        .areNotRecords()
        .should()
        .haveSimpleNameEndingWith("Contract")
        .check(ALL);
  }
}
