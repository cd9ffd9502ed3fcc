"""The same inner step in PyTorch: forward, loss + sum(lambda (phi - omega)^2) / 2, backward, Nesterov.

Reads one JSON object a line on stdin, {"work": name, "steps": n, "threads": k}, and answers each with one JSON object
on stdout, {"milliseconds": per step}. Ends with stdin.
"""
import json
import sys
import time

import torch
from torch import nn

WORK = {
    "boston": dict(samples=354, widths=[13, 20, 1], activation=nn.Tanh, loss="mse"),
    "mnist-few": dict(samples=10, widths=[784, 256, 256, 256, 256, 256, 10], activation=nn.ReLU, loss="cross-entropy"),
    "mnist-many": dict(samples=500, widths=[784, 256, 256, 256, 256, 256, 10], activation=nn.ReLU, loss="cross-entropy"),
}


class Problem:
    def __init__(self, samples, widths, activation, loss):
        torch.manual_seed(0)
        layers = []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), activation()]
        self.model = nn.Sequential(*layers[:-1])
        self.x = torch.randn(samples, widths[0])
        if loss == "mse":
            self.loss, self.y = nn.MSELoss(), torch.randn(samples, widths[-1])
        else:
            self.loss, self.y = nn.CrossEntropyLoss(), torch.randint(widths[-1], (samples,))
        self.phi = list(self.model.parameters())
        self.omega = [torch.zeros_like(p) for p in self.phi]
        self.lam = [torch.full_like(p, 0.1) for p in self.phi]
        self.optimizer = torch.optim.SGD(self.phi, lr=1e-6, momentum=0.9, nesterov=True)

    def step(self):
        self.optimizer.zero_grad()
        penalty = sum((l * (p - o) ** 2).sum() for l, p, o in zip(self.lam, self.phi, self.omega)) / 2
        (self.loss(self.model(self.x), self.y) + penalty).backward()
        self.optimizer.step()


def main():
    problems = {}
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked["work"]
        torch.set_num_threads(asked["threads"])
        if name not in problems:
            problems[name] = Problem(**WORK[name])
            for _ in range(10):
                problems[name].step()
        problem = problems[name]
        problem.step()
        begin = time.perf_counter()
        for _ in range(asked["steps"]):
            problem.step()
        seconds = time.perf_counter() - begin
        print(json.dumps({"milliseconds": 1000 * seconds / asked["steps"]}), flush=True)


main()
