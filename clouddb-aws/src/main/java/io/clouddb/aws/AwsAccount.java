/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.RemoteCalls;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The account of the credentials: {@code GetCallerIdentity} of STS, which needs no permission. It
 * is asked once for all regions of a cloud, in the region that is used first; another region does
 * not wait for it, since the first one may be gone. What failed is asked again the next time.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
 */
final class AwsAccount {
  private static final Logger log = LoggerFactory.getLogger(AwsAccount.class);

  private final Function<String, StsClient> clients;
  private final RemoteCalls calls;

  /** What is being asked in a region. Who comes meanwhile waits for that answer. */
  private final Map<String, FutureTask<String>> asking = new ConcurrentHashMap<>();

  private volatile @Nullable String number;

  AwsAccount(Function<String, StsClient> clients, RemoteCalls calls) {
    this.clients = clients;
    this.calls = calls.translating(AwsErrors.ofReads());
  }

  /** The account's number; empty as long as nobody has asked. */
  Optional<String> known() {
    return Optional.ofNullable(number);
  }

  /** The account's number, which the STS of a region is asked for where it is not known. */
  String number(String region) {
    String known = number;
    if (known != null) {
      return known;
    }
    FutureTask<String> mine = new FutureTask<>(() -> ask(region));
    FutureTask<String> another = asking.putIfAbsent(region, mine);
    if (another != null) {
      return answerOrAsk(another, region);
    }
    try {
      mine.run();
      return answer(mine, region);
    } finally {
      asking.remove(region, mine);
    }
  }

  /** What ended another one's call may be its own, its interrupt for example. */
  private String answerOrAsk(FutureTask<String> another, String region) {
    try {
      return answer(another, region);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      log.debug("Who asked STS in {} first got no answer", region, e);
      return ask(region);
    }
  }

  private String ask(String region) {
    String known = number;
    if (known != null) {
      return known;
    }
    String told =
        calls.repeatable(
            "sts.GetCallerIdentity",
            "the account of the credentials, in " + region,
            () -> {
              String account = clients.apply(region).getCallerIdentity().account();
              if (account == null || account.isEmpty()) {
                throw new StrangeAnswerException("it names no account");
              }
              return account;
            });
    number = told;
    return told;
  }

  private static String answer(FutureTask<String> asked, String region) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE, "Interrupted while STS in " + region + " was asked")
          .operation("sts.GetCallerIdentity")
          .toException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CloudDbException ours) {
        // A new object, so that the stack shows who asked; the first one is its cause.
        throw CloudDbException.of(ours.details(), ours);
      }
      throw new IllegalStateException("STS in " + region + " could not be asked", e.getCause());
    }
  }
}
