import ArgumentParser

/// The program as the system starts it.
package enum GatewayProgram {
    /// Runs the command line of the process and ends it with its exit status.
    package static func run() async {
        await GatewayCommand.main()
    }
}
