// The parts of a real node in one binary; the first argument says which: kubelet, kube-proxy or coredns.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

var parts = map[string]func() *cobra.Command{
	"kubelet":    func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	"kube-proxy": proxy.NewProxyCommand,
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: node kubelet|kube-proxy|coredns ...")
		os.Exit(2)
	}
	os.Args = os.Args[1:]
	part := os.Args[0]
	if part == "coredns" {
		dnsserver.Directives = []string{"errors", "kubernetes"}
		coremain.Run()
		return
	}
	start, known := parts[part]
	if !known {
		fmt.Fprintln(os.Stderr, "node: no part called", part)
		os.Exit(2)
	}
	os.Exit(cli.Run(start()))
}
