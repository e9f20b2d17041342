/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import io.clouddb.CloudDb;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Which databases there are. */
@RestController
class DatabasesController {
  private final CloudDb cloud;

  DatabasesController(CloudDb cloud) {
    this.cloud = cloud;
  }

  @GetMapping("/databases")
  List<String> databases() {
    return cloud.instances().list().stream().map(each -> each.name()).toList();
  }
}
