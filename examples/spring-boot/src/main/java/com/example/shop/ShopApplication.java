/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application that looks after databases on whichever cloud its configuration names. */
@SpringBootApplication
public class ShopApplication {
  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args);
  }

  /** Closed with the application; its calls are observed as everything else is. */
  @Bean
  CloudDb cloud(@Value("${shop.cloud}") String url, ObservationRegistry observations) {
    return CloudDb.open(CloudConfig.fromUrl(url).observations(observations).build());
  }
}
