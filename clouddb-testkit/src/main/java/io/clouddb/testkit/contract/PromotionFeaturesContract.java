/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Feature;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.plan.Plan;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.testkit.contract.internal.FeatureRecord;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/**
 * Every form of promotion, made and written to, or refused before anything happens. What the
 * capabilities claim has to be what was seen.
 */
abstract class PromotionFeaturesContract extends ReplicaCases {
  PromotionFeaturesContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void promotesAsItSays() throws IOException, SQLException {
    FeatureRecord seen = kit().record("promotions");
    standAlone(Promotion.standalone(), seen);
    standAlone(Promotion.forced(), seen);
    changePlacesAndBackByForce(seen);
    seen.write();
  }

  private void standAlone(Promotion promotion, FeatureRecord seen) throws SQLException {
    Instance replica = createFar(sourceFor(promotion.field()));
    if (isPromoted(replica, promotion, seen)) {
      assertThat(follows(replica)).isFalse();
    }
  }

  private void changePlacesAndBackByForce(FeatureRecord seen) throws SQLException {
    Instance source = sourceFor(ReplicaField.SWITCHOVER);
    Instance replica = createFar(source);
    if (isPromoted(replica, Promotion.switchingRoles(), seen)) {
      assertThat(cloud().replicas().get(source.id()).source().orElseThrow().name())
          .isEqualTo(replica.name());
    }
    Instance follower = follows(replica) ? replica : source;
    if (isPromoted(follower, Promotion.switchingRoles().byForce(), seen)) {
      assertThat(follows(follower)).isFalse();
    }
  }

  /** Whether it was promoted, as the plan says; what takes writes then is written to. */
  private boolean isPromoted(Instance replica, Promotion promotion, FeatureRecord seen)
      throws SQLException {
    ReplicaField form = promotion.field();
    String id = Feature.of(form).id();
    String untried = kit().untried().get(form);
    if (untried != null) {
      seen.untried(id, support(form), untried);
      return false;
    }
    Plan.Entry entry = entry(cloudOf(replica).replicas().planPromote(promotion), form);
    if (entry.outcome() == Plan.Outcome.REFUSED) {
      assertThatThrownBy(() -> promote(replica, promotion))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(form.id());
      assertThat(follows(replica)).isTrue();
    } else {
      Instance promoted = promote(replica, promotion).instance();
      run(promoted, "CREATE TABLE IF NOT EXISTS public.written (id pg_catalog.int4)");
    }
    seen.seen(id, support(form), entry);
    return entry.outcome() != Plan.Outcome.REFUSED;
  }

  private Promoted promote(Instance replica, Promotion promotion) {
    return cloudOf(replica).replicas().promote(replica.id(), promotion).await(kit().limit());
  }

  private boolean follows(Instance instance) {
    return cloudOf(instance).replicas().find(instance.name()).isPresent();
  }
}
