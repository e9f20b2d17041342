/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.client.googleapis.services.json.AbstractGoogleJsonClientRequest;
import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.CloudDbException;
import java.io.IOException;

/**
 * Sends requests, and takes for an answer only what the API answers: something on the way (a proxy,
 * a login page) may answer in its place, with a success even.
 */
final class SqlAdminAnswers {
  private SqlAdminAnswers() {}

  /** Any answer that Google's client can read. */
  static <T> T of(AbstractGoogleJsonClientRequest<T> request) throws IOException {
    T answer;
    try {
      answer = request.execute();
    } catch (CloudDbException e) {
      throw e;
    } catch (RuntimeException e) {
      // The client's parser throws one or the other when the text is not of the form it expects.
      throw new UnreadableAnswerException("it is of another form", e);
    } catch (IOException e) {
      // Gson is the client's own matter, and its exceptions are plain ones for everybody else.
      if (e.getClass().getName().startsWith("com.google.gson.")) {
        throw new UnreadableAnswerException("it is no JSON", e);
      }
      throw e;
    }
    if (answer == null) {
      throw new UnreadableAnswerException("it is empty", null);
    }
    return answer;
  }

  /** The operation that a request has begun, or that was asked for. */
  static Operation operation(AbstractGoogleJsonClientRequest<Operation> request)
      throws IOException {
    Operation operation = of(request);
    if (operation.getName() == null || operation.getStatus() == null) {
      throw new UnreadableAnswerException("an operation without name or status", null);
    }
    return operation;
  }

  static DatabaseInstance instance(AbstractGoogleJsonClientRequest<DatabaseInstance> request)
      throws IOException {
    DatabaseInstance instance = of(request);
    if (instance.getName() == null || instance.getState() == null) {
      throw new UnreadableAnswerException("an instance without name or state", null);
    }
    return instance;
  }

  static Backup backup(AbstractGoogleJsonClientRequest<Backup> request) throws IOException {
    Backup backup = of(request);
    if (backup.getName() == null || backup.getInstance() == null || backup.getState() == null) {
      throw new UnreadableAnswerException("a backup without name, instance or state", null);
    }
    return backup;
  }
}
