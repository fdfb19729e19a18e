package dev.feast.aws.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StackNameTest {

  @Property
  void fitsLambdaEcrAndApiGateway(@ForAll("names") String namespace, @ForAll("names") String name) {
    String stack = StackName.of(new Owner("cluster", namespace, name, "uid"));

    assertThat(stack).hasSizeLessThanOrEqualTo(64).matches("feast-[a-z0-9]+(-[a-z0-9]+)*");
  }

  @Property
  void differsWhereClusterNamespaceOrNameDo(@ForAll("names") String a, @ForAll("names") String b) {
    Owner owner = new Owner("c", a, b, "uid");

    assertThat(StackName.of(owner)).isNotEqualTo(StackName.of(new Owner("d", a, b, "uid")));
    assertThat(StackName.of(owner)).isNotEqualTo(StackName.of(new Owner("c", a, b + "x", "uid")));
    if (!a.equals(b)) {
      assertThat(StackName.of(owner)).isNotEqualTo(StackName.of(new Owner("c", b, a, "uid")));
    }
  }

  /** A name that changes with a version of the operator would leave everything behind. */
  @Example
  void neverChanges() {
    assertThat(StackName.of(new Owner("cluster-1", "team", "dev", "any")))
        .isEqualTo("feast-team-dev-jikblmnap8");
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withChars("abz019-.")
        .ofMinLength(1)
        .ofMaxLength(63)
        .map(name -> "a" + name + "z");
  }
}
