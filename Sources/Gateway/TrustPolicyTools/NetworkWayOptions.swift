import ArgumentParser
import ExchangeCore

/// By which way the gateway calls STS.
struct NetworkWayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A public address of the gateway, as a CIDR. May be repeated.", valueName: "cidr"))
    var sourceIp: [String] = []

    @Option(help: ArgumentHelp("The endpoint for STS that the gateway uses. May be repeated.", valueName: "vpce-id"))
    var sourceVpce: [String] = []

    @Option(
        help: ArgumentHelp("The VPC whose endpoint for STS the gateway uses. May be repeated.", valueName: "vpc-id"))
    var sourceVpc: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --source-vpce or --source-vpc: a private address of the gateway. May be repeated.", valueName: "cidr")
    )
    var vpcSourceIp: [String] = []

    @Flag(help: "Leave the way open.")
    var unpinned = false

    func validate() throws {
        if unpinned, !way.isOpen { throw ValidationError("--unpinned leaves the way open, and another option pins it") }
    }

    var way: NetworkWay {
        NetworkWay(
            sourceIPs: sourceIp, sourceVPCs: sourceVpc, sourceVPCEs: sourceVpce, vpcSourceIPs: vpcSourceIp)
    }
}
