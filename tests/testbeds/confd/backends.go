// Package backends takes the place of confd's own file of this name: two of its backends are needed, and the
// others need modules that are long gone.
package backends

import (
	"errors"

	"github.com/kelseyhightower/confd/backends/etcdv3"
	"github.com/kelseyhightower/confd/backends/rancher"
)

// StoreClient is what confd asks of a backend.
type StoreClient interface {
	GetValues(keys []string) (map[string]string, error)
	WatchPrefix(prefix string, keys []string, waitIndex uint64, stopChan chan bool) (uint64, error)
}

// New returns the backend that the command line names.
func New(config Config) (StoreClient, error) {
	switch config.Backend {
	case "etcdv3":
		return etcdv3.NewEtcdClient(config.BackendNodes, config.ClientCert, config.ClientKey, config.ClientCaKeys,
			config.BasicAuth, config.Username, config.Password)
	case "rancher":
		return rancher.NewRancherClient(config.BackendNodes)
	}
	return nil, errors.New("no such backend here")
}
