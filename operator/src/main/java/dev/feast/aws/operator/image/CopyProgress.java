package dev.feast.aws.operator.image;

/** Is told of each blob that is in the repository, copied or already there. */
@FunctionalInterface
public interface CopyProgress {
  /**
   * @param blobs of the image that are there now
   * @param ofBlobs all it has
   * @param bytes of those that are there, compressed
   * @param ofBytes all it has
   */
  void on(int blobs, int ofBlobs, long bytes, long ofBytes);
}
