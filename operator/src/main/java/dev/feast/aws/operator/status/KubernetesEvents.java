package dev.feast.aws.operator.status;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of events.k8s.io/v1. The same thing about the same object is one Event with a count: its
 * name is made of what it says, so that a repetition finds it, after a restart as well.
 */
public final class KubernetesEvents implements Events {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesEvents.class);
  private static final String CONTROLLER = "aws.feast.dev/feature-server-operator";

  /** Kubernetes' limit for a note, in bytes of UTF-8: a longer one is refused, and nobody told. */
  private static final int LONGEST_NOTE = 1_024;

  /** Kubernetes forgets Events after an hour by default; counts of this many are kept. */
  private static final int REMEMBERED = 4_096;

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;
  private final Map<String, Integer> counts =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param instance the pod or host that reports
   */
  public KubernetesEvents(KubernetesClient client, String instance, InstantSource clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  @Override
  public void tell(FeatureServer about, Type type, String reason, String action, String note) {
    Event event = event(about, type, reason, action, fitting(note));
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        repeat(event);
      } else {
        LOG.warn("Event {} ({}) could not be written: {}", reason, note, e.getMessage());
      }
    }
  }

  private void repeat(Event event) {
    int count;
    synchronized (counts) {
      count = counts.merge(event.getMetadata().getName(), 2, (before, two) -> before + 1);
    }
    try {
      client
          .resource(event)
          .patch(
              new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build(),
              client
                  .getKubernetesSerialization()
                  .asJson(Map.of("series", new EventSeries(count, now()))));
    } catch (KubernetesClientException e) {
      LOG.warn("Event {} could not be counted: {}", event.getReason(), e.getMessage());
    }
  }

  private Event event(FeatureServer about, Type type, String reason, String action, String note) {
    String name = about.getMetadata().getName();
    String says =
        String.join("\n", about.getMetadata().getUid(), type.name(), reason, action, note);
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(about.getMetadata().getNamespace())
        .withName(
            shortened(name, 200)
                + "."
                + UUID.nameUUIDFromBytes(says.getBytes(StandardCharsets.UTF_8)))
        .endMetadata()
        .withEventTime(now())
        .withReportingController(CONTROLLER)
        .withReportingInstance(shortened(instance, 128))
        .withType(type.name())
        .withReason(reason)
        .withAction(action)
        .withNote(note)
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .withResourceVersion(about.getMetadata().getResourceVersion())
                .build())
        .build();
  }

  private MicroTime now() {
    return new MicroTime(MICRO_TIME.format(clock.instant()));
  }

  /** As much of the note as fits, and no half character. */
  static String fitting(String note) {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_NOTE) {
      return note;
    }
    int end = LONGEST_NOTE;
    while ((bytes[end] & 0b1100_0000) == 0b1000_0000) {
      end--; // In the middle of a character.
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static String shortened(String name, int longest) {
    return name.length() <= longest ? name : name.substring(0, longest);
  }
}
