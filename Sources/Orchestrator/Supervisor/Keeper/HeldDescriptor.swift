import Linux

/// An open descriptor where a collection holds it; closed with the last reference.
final class HeldDescriptor {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}
