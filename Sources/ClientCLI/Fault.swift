/// One thing wrong with the step's settings, and its remedy: a sentence for the author of the pipeline.
struct Fault: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
