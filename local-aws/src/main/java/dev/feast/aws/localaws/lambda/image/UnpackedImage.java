package dev.feast.aws.localaws.lambda.image;

import java.nio.file.Path;

/** An image that is ready to run: its root folder, and how it wants to be started. */
public record UnpackedImage(Path root, ImageConfig config) {}
