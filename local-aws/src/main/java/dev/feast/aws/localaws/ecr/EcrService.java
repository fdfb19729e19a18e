package dev.feast.aws.localaws.ecr;

import static dev.feast.aws.localaws.json.JsonOperation.mutates;
import static dev.feast.aws.localaws.json.JsonOperation.reads;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.json.JsonOperations;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.JsonErrors;
import dev.feast.aws.localaws.spi.Operation;
import dev.feast.aws.localaws.spi.Service;
import dev.feast.aws.localaws.spi.WireErrors;

/** ECR's API: AWS JSON 1.1. */
public final class EcrService implements Service {
  private final JsonOperations operations;

  EcrService(
      RepositoryOperations repositories,
      ImageOperations images,
      TokenOperations tokens,
      EcrPermissions permissions) {
    this.operations =
        new JsonOperations(
            "AmazonEC2ContainerRegistry_V20150921.",
            permissions::of,
            reads("GetAuthorizationToken", tokens::get),
            mutates("CreateRepository", repositories::create),
            reads("DescribeRepositories", repositories::describe),
            mutates("DeleteRepository", repositories::delete),
            mutates("PutImageTagMutability", repositories::putMutability),
            mutates("SetRepositoryPolicy", repositories::setPolicy),
            reads("GetRepositoryPolicy", repositories::getPolicy),
            mutates("DeleteRepositoryPolicy", repositories::deletePolicy),
            mutates("PutLifecyclePolicy", repositories::putLifecyclePolicy),
            reads("GetLifecyclePolicy", repositories::getLifecyclePolicy),
            mutates("DeleteLifecyclePolicy", repositories::deleteLifecyclePolicy),
            mutates("TagResource", repositories::tag),
            mutates("UntagResource", repositories::untag),
            reads("ListTagsForResource", repositories::listTags),
            reads("ListImages", images::list),
            reads("DescribeImages", images::describe),
            reads("BatchGetImage", images::batchGet),
            mutates("BatchDeleteImage", images::batchDelete),
            mutates("PutImage", images::put));
  }

  @Override
  public String name() {
    return "ecr";
  }

  @Override
  public WireErrors errors() {
    return JsonErrors.AWS_JSON_1_1;
  }

  @Override
  public Operation operation(Request request, Caller caller) {
    return operations.find(request, caller);
  }
}
